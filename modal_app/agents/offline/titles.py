"""Titles: the one a message asks for, or one made from its words."""

import re
import unicodedata
from typing import Final

MAX_TITLE_CHARACTERS: Final = 60
_MAX_DERIVED: Final = 32
_MAX_WORDS: Final = 5

QUOTED: Final = re.compile(
    r"「([^」]+)」|『([^』]+)』|\"([^\"]+)\"|“([^”]+)”|(?<!\w)'([^']+)'(?!\w)"
)

_NAMED: Final = (
    re.compile(
        r"\b(?:called|named|titled|call it|rename (?:it |the game )?to"
        r"|title (?:it |to |is |should be )+)\s*:?\s*([^,.;!?\n]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:タイトル|題名|名前)(?:を|は|:)\s*(?!変え|変更|つけ|付け|考え|決め)([^、。\n]{1,60}?)(?:に(?:変|して|し)|$|[、。\n])"
    ),
    re.compile(r"([^\s、。のはを]{1,30})という(?:名前|タイトル|題名|名)"),
)
_NAME_ENDS: Final = re.compile(r"\s+(?:with|in|where|that|and make|please)\b.*$", re.IGNORECASE)

_STOP_WORDS: Final = re.compile(
    r"(?:an?|the|please|make|create|build|generate|write|give|me|us|i|we|want|need|would|like|to"
    r"|can|could|you|for|my|our|simple|easy|hard|difficult|normal|medium|2d|3d|games?|new|another"
    r"|different|instead|let'?s|really|very|super|fun|playable|small|some|just|hello|hi|now|of)",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(
    r"[,.;:!?\n(]|\s(?:with|that|where|which|in|on|about|using|so|but)\s", re.IGNORECASE
)
_ABOUT: Final = re.compile(r"\bgames?\s+about\s+", re.IGNORECASE)
_DIMENSIONS: Final = re.compile(r"[23]d[ので]?", re.IGNORECASE)
_JAPANESE_CLAUSE_END: Final = re.compile(r"[、。,.!?\n]|(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_JAPANESE_ENDINGS: Final = re.compile(
    r"(?:(?:を|が)?(?:作っ|作成|作り|つくっ|つくり|お願い|欲し|ほし|ください|下さい|遊び).*"
    r"|(?:の|な)?ゲーム(?:を|が)?.*)$"
)
_JAPANESE_BEGINNINGS: Final = re.compile(
    r"^(?:(?:やさしい|易しい|簡単な|かんたんな|難しい|むずかしい|普通の|新しい|面白い|楽しい)(?:の)?)+"
)


def clean_title(text: str) -> str:
    """One line without control or direction characters, at most `MAX_TITLE_CHARACTERS`."""
    visible = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join(visible.split())[:MAX_TITLE_CHARACTERS].strip()


def asked_title(message: str, *, quoted: bool) -> str | None:
    """The title that a message states: `quoted`, or after words like "called"."""
    quotes = QUOTED.finditer(message) if quoted else ()
    stated = (next(filter(None, match.groups())) for match in quotes)
    named = (_name(match.group(1)) for pattern in _NAMED if (match := pattern.search(message)))
    return next(filter(None, (*map(clean_title, stated), *named)), None)


def _name(text: str) -> str:
    return clean_title(_NAME_ENDS.sub("", text))


def derived_title(message: str, *, japanese: bool) -> str | None:
    """A title from the request itself; None when its words make none."""
    message = unicodedata.normalize("NFKC", message.strip())[:400]
    return _japanese_title(message) if japanese else _english_title(message)


def _english_title(message: str) -> str | None:
    clauses = _CLAUSE_END.split(_ABOUT.sub("", message))
    for text in (part for clause in clauses for part in (clause, clause.split(" and ")[0])):
        words = [word for word in text.split() if not _STOP_WORDS.fullmatch(word)]
        title = clean_title(" ".join(map(_capitalised, words)))
        if 0 < len(words) <= _MAX_WORDS and len(title) <= _MAX_DERIVED:
            return title
    return None


def _capitalised(word: str) -> str:
    return word if word == "and" else word[:1].upper() + word[1:]


def _japanese_title(message: str) -> str | None:
    clause = _JAPANESE_CLAUSE_END.split(_DIMENSIONS.sub("", message), maxsplit=1)[0]
    title = clean_title(_JAPANESE_ENDINGS.sub("", _JAPANESE_BEGINNINGS.sub("", clause)))
    return title if 1 < len(title) <= 20 else None
