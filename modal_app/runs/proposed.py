"""What a run shows of the code it wrote: the agent's own file calls, told against the version that
the run began with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

import msgspec

from modal_app.ports import Edited, Wrote
from modal_app.runs.wanted import REQUESTS_FILE
from modal_app.workspace.paths import is_hidden, is_storable, is_text
from modal_app.workspace.plain import read_plain
from schema.execution import MAX_CODE_BYTES, Code, ProposedEdit, ProposedFile

Call = Wrote | Edited

# The agent's notes to itself and to us are no code.
_NOTES: Final = "specs/"
# More is not kept: an agent that writes without end must not fill our memory.
_MAX_KEPT_CHARACTERS: Final = 8 * MAX_CODE_BYTES
# Stands for a file that is there and is no text of ours to show; no text holds a NUL.
_UNREADABLE: Final = "\0"


class ProposedCode:
    """Collects the file calls of one run."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._room = _MAX_KEPT_CHARACTERS

    def take(self, call: Call) -> None:
        """Remember a call that was carried out; one that cannot be shown is forgotten."""
        texts = _texts(call)
        size = sum(map(len, texts))
        if size <= self._room and _is_shown(call.path) and all(map(_is_plain, texts)):
            self._room -= size
            self._calls.append(call)

    def against(self, version: Path, workspace: Path) -> Code | None:
        """The code of the run, None without any.

        `version` is a directory with the files that the run began with, `workspace` that with the
        files it made. Reads files.
        """
        paths = {call.path for call in self._calls}
        before = {path: _read(version, path) for path in paths}
        after = {path: _read(workspace, path) for path in paths}
        shown = [
            call for call in self._calls if _UNREADABLE not in (before[call.path], after[call.path])
        ]
        code = _bounded(_proposals(shown, before, after))
        return code if code.files or code.edits else None


def changed_region(before: str, after: str) -> tuple[str, str]:
    """What differs between two texts: each without the lines that both begin and end with."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = _common(old, new)
    old, new = old[start:], new[start:]
    end = _common(old[::-1], new[::-1])
    return "".join(old[: len(old) - end]), "".join(new[: len(new) - end])


def _proposals(
    calls: Sequence[Call], before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> Iterator[ProposedFile | ProposedEdit]:
    """A file that was not there is shown once, as it has become; one that was, edit by edit.

    Where the calls do not lead to what the file has become (the CLI takes quotation marks, blanks
    and line ends for alike), it is shown as one edit that does.
    """
    present = dict(before)
    led_to = _carried_out(calls, before)
    told: set[str] = set()
    for call in calls:
        path, current, made = call.path, present[call.path], after[call.path]
        if made is None or path in told:
            continue
        if current is None:
            told.add(path)
            yield ProposedFile(path, made)
        elif led_to[path] != made:
            told.add(path)
            yield from _change(path, current, made)
        else:
            present[path] = now = _applied(call, current)
            if isinstance(call, Edited):
                yield ProposedEdit(path, call.old, call.new)
            else:
                yield from _change(path, current, now)


def _carried_out(
    calls: Iterable[Call], before: Mapping[str, str | None]
) -> Mapping[str, str | None]:
    """What the calls alone make of the files that were there."""
    present = dict(before)
    for call in calls:
        if (current := present[call.path]) is not None:
            present[call.path] = _applied(call, current)
    return present


def _applied(call: Call, text: str) -> str:
    if isinstance(call, Wrote):
        return call.content
    # An empty text is to be found once, not between all characters.
    return text.replace(call.old, call.new, -1 if call.everywhere and call.old else 1)


def _change(path: str, before: str, after: str) -> Iterator[ProposedEdit]:
    if before != after:
        yield ProposedEdit(path, *changed_region(before, after))


def _bounded(proposals: Iterable[ProposedFile | ProposedEdit]) -> Code:
    files: list[ProposedFile] = []
    edits: list[ProposedEdit] = []
    room = MAX_CODE_BYTES
    for proposal in proposals:
        size = sum(len(text.encode()) for text in msgspec.structs.astuple(proposal))
        if size > room:
            continue
        room -= size
        if isinstance(proposal, ProposedFile):
            files.append(proposal)
        else:
            edits.append(proposal)
    return Code(tuple(files), tuple(edits))


def _texts(call: Call) -> tuple[str, ...]:
    return (call.content,) if isinstance(call, Wrote) else (call.old, call.new)


def _is_shown(path: str) -> bool:
    plain = is_text(path) and is_storable(path) and not is_hidden(path)
    return plain and not path.startswith(_NOTES) and path != REQUESTS_FILE


def _is_plain(text: str) -> bool:
    return "\0" not in text and is_text(text)


def _read(directory: Path, path: str) -> str | None:
    """A text file; None when there is none."""
    data = read_plain(directory, path, MAX_CODE_BYTES + 1)
    if data is None:
        return None
    try:
        text = data.decode() if len(data) <= MAX_CODE_BYTES else _UNREADABLE
    except UnicodeDecodeError:
        return _UNREADABLE
    return text if _is_plain(text) else _UNREADABLE


def _common(left: list[str], right: list[str]) -> int:
    pairs = zip(left, right, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
