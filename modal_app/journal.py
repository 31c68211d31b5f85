"""The journal of a run: numbered events, one JSON line each, appended by one process.

A line is `{"id": n, "type": "status|stream|done|error", …}` with n dense from 1. `done` or `error`
ends the journal. A last line without its newline was cut by a crash or a full disk: readers do not
see it, and the next entry is preceded by a mark that makes every reader skip it. Nothing is ever
truncated, so a reader's offset stays true.
"""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from modal_app.journal_lines import CHUNK_BYTES, TORN, Entry, JournalCorrupt, Lines, parse
from schema.execution import Done, Error, ExecutionEvent, Status, Stream

POLL_SECONDS: Final = 0.02
TICK_SECONDS: Final = 0.25

# A character takes at most six bytes of JSON, so a piece always fits into one event.
_MAX_TEXT: Final = 1_000_000
_MAX_LABEL: Final = 2_000


class JournalWriter:
    """Appends to a journal; the caller holds the run's lock. Use it as a context manager.

    Opening finds the next number, and whether the last line is torn. Raises `JournalCorrupt`.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor: Final = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self.last_id = 0
        self.closed = False
        with ExitStack() as undo:
            undo.callback(os.close, self._descriptor)
            stored = Lines(self._descriptor)
            while lines := stored.poll():
                for entry in map(parse, lines):
                    self.last_id, self.closed = entry.id, entry.terminal
            undo.pop_all()
        self._torn = stored.torn

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)

    def append(self, event: ExecutionEvent) -> None:
        """Write `event`; readers see it at once. A terminal event is also forced to the disk.

        Text beyond what one event may hold is continued in further `Stream`s, and cut elsewhere.
        After the terminal event nothing can follow: ValueError. Raises OSError when the disk is
        full; what was written of the event is then passed over, and another may be appended.
        """
        if self.closed:
            raise ValueError("the journal has ended")
        for piece in _fitted(event):
            self._write(piece)
        if isinstance(event, Done | Error):
            self.closed = True
            os.fsync(self._descriptor)

    def _write(self, event: ExecutionEvent) -> None:
        line = b'{"id":%d,%s\n' % (self.last_id + 1, msgspec.json.encode(event)[1:])
        view = memoryview(TORN + b"\n" + line if self._torn else line)
        self._torn = True
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._torn = False
        self.last_id += 1


class JournalReader:
    """Reads a journal from a position, without blocking for more. Use it as a context manager.

    Memory is bounded by one read and the longest line. `ended` is set once the terminal entry was
    passed. Raises FileNotFoundError when there is no journal.
    """

    def __init__(self, path: Path, after: int = 0) -> None:
        self._descriptor: Final = os.open(path, os.O_RDONLY)
        self._lines: Final = Lines(self._descriptor)
        self._after: Final = after
        self._last_id = 0
        self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)

    def check_presence(self) -> None:
        """Raises FileNotFoundError when the journal was removed while it is open here."""
        if os.fstat(self._descriptor).st_nlink == 0:
            raise FileNotFoundError("the journal was removed")

    def poll(self) -> tuple[list[Entry], bool]:
        """The entries of the next read that lie after the position, and whether anything was read.

        Raises `JournalCorrupt`.
        """
        entries: list[Entry] = []
        lines = self._lines.poll()
        for line in lines:
            entry = parse(line)
            if entry.id != self._last_id + 1 or self.ended:
                raise JournalCorrupt(f"entry {entry.id} follows {self._last_id}")
            self._last_id = entry.id
            self.ended = entry.terminal
            if entry.id > self._after:
                entries.append(entry)
        return entries, bool(lines)


async def follow(path: Path, after: int = 0) -> AsyncGenerator[list[Entry], None]:
    """Entries after position `after`, in batches, as they are written; ends after the terminal one.

    An empty batch comes at least every `TICK_SECONDS` of silence, so that the consumer can look
    at its own clocks; it never ends by itself while the terminal entry is missing. Polls, because
    network volumes announce nothing. Raises FileNotFoundError, `JournalCorrupt`.
    """
    silent = 0.0
    with JournalReader(path, after) as reader:
        while True:
            entries, progressed = reader.poll()
            if entries:
                silent = 0.0
                yield entries
            if reader.ended:
                return
            if progressed:
                await asyncio.sleep(0)
                continue
            await asyncio.sleep(POLL_SECONDS)
            silent += POLL_SECONDS
            if silent >= TICK_SECONDS:
                reader.check_presence()
                silent = 0.0
                yield []


def terminal_entry(path: Path) -> Entry | None:
    """The entry that ended the run, None while it runs. Raises FileNotFoundError, `JournalCorrupt`.

    Looks at the end of the file first, so that the length of the journal does not matter.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        start = max(0, os.fstat(descriptor).st_size - CHUNK_BYTES)
        complete, newline, _ = os.pread(descriptor, CHUNK_BYTES, start).rpartition(b"\n")
    finally:
        os.close(descriptor)
    _, separator, line = complete.rpartition(b"\n")
    if newline and (separator or not start) and not line.endswith(TORN):
        entry = parse(line)
        return entry if entry.terminal else None
    return _last_terminal(path)


def _last_terminal(path: Path) -> Entry | None:
    last = None
    with JournalReader(path) as reader:
        while (batch := reader.poll())[1]:
            last = batch[0][-1]
    return last if last is not None and last.terminal else None


def _fitted(event: ExecutionEvent) -> list[ExecutionEvent]:
    match event:
        case Stream(content=text, block=block) if len(text) > _MAX_TEXT:
            starts = range(0, len(text), _MAX_TEXT)
            return [Stream(text[start : start + _MAX_TEXT], block) for start in starts]
        case Status(message=message, path=path):
            path = path[:_MAX_LABEL] if path is not None else None
            return [msgspec.structs.replace(event, message=message[:_MAX_LABEL], path=path)]
        case Done(result=str(text)):
            return [msgspec.structs.replace(event, result=text[:_MAX_TEXT])]
        case _:
            return [event]
