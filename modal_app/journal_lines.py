"""The form of a journal on disk: complete lines, and what one line says."""

import os
import re
from dataclasses import dataclass
from typing import Final

from schema.execution import MAX_EVENT_BYTES

CHUNK_BYTES: Final = 256 * 1024
# Ends a line that a crash has torn; no entry ends so.
TORN: Final = b"!"

_HEAD: Final = re.compile(rb'\{"id":(\d{1,18}),("type":"(status|stream|done|error)"[,}])')


class JournalCorrupt(Exception):
    """A complete line of the journal is not an entry, or entries are not dense."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored event. `data` is its JSON object without the number; `terminal` ends the run."""

    id: int
    data: bytes
    terminal: bool


class Lines:
    """Complete lines of a growing file, as far as one read reaches."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._offset = 0
        self._rest = bytearray()

    @property
    def torn(self) -> bool:
        """Whether what was read so far ends inside a line."""
        return bool(self._rest)

    def poll(self) -> list[bytes]:
        """The next complete lines without their newlines; empty at the end of what is written.

        Lines that a crash tore and a later writer marked are left out.
        """
        while chunk := os.pread(self._descriptor, CHUNK_BYTES, self._offset):
            self._offset += len(chunk)
            self._rest += chunk
            if b"\n" in chunk:
                *lines, rest = bytes(self._rest).split(b"\n")
                self._rest = bytearray(rest)
                if whole := [line for line in lines if not line.endswith(TORN)]:
                    return whole
            if len(self._rest) > MAX_EVENT_BYTES + CHUNK_BYTES:
                raise JournalCorrupt("a line is longer than an event may be")
        return []


def parse(line: bytes) -> Entry:
    """What one line says. Raises `JournalCorrupt`."""
    head = _HEAD.match(line)
    if head is None or not line.endswith(b"}"):
        raise JournalCorrupt("a line is not an entry")
    return Entry(int(head[1]), b"{" + line[head.start(2) :], head[3] in (b"done", b"error"))
