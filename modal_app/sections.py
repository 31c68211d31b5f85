"""Texts of strangers as marked sections of one prompt. Pure.

Each text stands between two tags that carry a mark. The mark is a digest of all the texts and
occurs in none of them, however it may be spelled: nobody can know it while writing, so no text can
close its own section or open another.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Section:
    """A text under a name of ours; `of` says whose it is, or what it is called."""

    name: str
    text: str
    of: str | None = None


def mark_for(texts: Iterable[str]) -> str:
    """The mark of a prompt that is made of these texts: the same for the same texts."""
    listed = list(texts)
    plain = [_plain(text) for text in listed]
    digest = sha256()
    for text in listed:
        data = text.encode(errors="surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    marks = (sha256(digest.digest() + str(turn).encode()).hexdigest()[:_DIGITS] for turn in count())
    return next(mark for mark in marks if not any(mark in text for text in plain))


def enclosed(section: Section, mark: str) -> str:
    """The section between its tags."""
    of = f' of="{section.of}"' if section.of else ""
    return f"<{section.name}{of} {mark}>\n{section.text}\n</{section.name} {mark}>"


def one_line(text: str) -> str:
    """A text that is to be an item of a list: it cannot begin another."""
    return " ".join(text.split())


def bounded(lines: Sequence[str], characters: int) -> str:
    """As many of the lines, from the first on, as there is room for."""
    kept: list[str] = []
    for line in lines:
        characters -= len(line) + 1
        if characters < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def _plain(text: str) -> str:
    """The text as a reader may take it: compatible letters alike, nothing invisible."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        character for character in folded if unicodedata.category(character)[0] not in "CMZ"
    )
