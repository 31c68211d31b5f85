"""The language of `git fast-import`: how a commit is told in one stream of bytes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final

from modal_app.workspace.git import AUTHOR

_SUBJECT_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What a path becomes; `data` None: it is gone."""

    path: str
    data: bytes | None
    executable: bool = False


@dataclass(frozen=True, slots=True)
class CommitHeader:
    """Where a commit goes. `whole`: its changes are all its files, not edits of the parent's."""

    ref: str
    parent: str | None
    subject: str
    seconds: int
    whole: bool


def write_commit(stream: IO[bytes], header: CommitHeader, changes: Iterable[Change]) -> None:
    """Tell one commit. Without the closing `done`, git moves no ref."""
    _lines(stream, f"commit {header.ref}", f"committer {AUTHOR} {header.seconds} +0000")
    _data(stream, header.subject.encode())
    if header.parent is not None:
        _lines(stream, f"from {header.parent}")
    if header.whole:
        _lines(stream, "deleteall")
    for change in changes:
        if change.data is None:
            _lines(stream, f"D {quoted(change.path)}")
        else:
            mode = "100755" if change.executable else "100644"
            _lines(stream, f"M {mode} inline {quoted(change.path)}")
            _data(stream, change.data)
    _lines(stream, "done")


def one_line(subject: str) -> str:
    """A commit's subject from any words: one line, not too long, never empty."""
    words = " ".join(subject.replace("\0", " ").split()).encode(errors="replace").decode()
    return words[:_SUBJECT_CHARACTERS].strip() or "Update"


def quoted(path: str) -> str:
    """A path as git's C-style string: every byte that is not plain text as an octal escape."""
    plain = (
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in os.fsencode(path)
    )
    return f'"{"".join(plain)}"'


def _lines(stream: IO[bytes], *lines: str) -> None:
    for line in lines:
        stream.write(line.encode() + b"\n")


def _data(stream: IO[bytes], data: bytes) -> None:
    stream.write(b"data %d\n" % len(data))
    stream.write(data)
    stream.write(b"\n")
