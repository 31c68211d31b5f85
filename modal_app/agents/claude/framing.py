"""From chunks of bytes to lines, with a bound. Pure."""

from typing import Final

MAX_LINE_BYTES: Final = 64 * 2**20


class LineSplitter:
    """Collects chunks and gives back complete lines; a longer line than `limit` is skipped."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without their ends; empty ones are left out."""
        *parts, rest = chunk.split(b"\n")
        lines = [line for part in parts for line in self._complete(part)]
        self._collect(rest)
        return lines

    def end(self) -> list[bytes]:
        """The last line, when it has no end of its own."""
        return self._complete(b"")

    def _collect(self, part: bytes) -> None:
        self._size += len(part)
        self._parts.append(part)
        if self._size > self._limit:
            self._parts.clear()

    def _complete(self, part: bytes) -> list[bytes]:
        self._collect(part)
        line = b"".join(self._parts) if self._size <= self._limit else b""
        self._parts, self._size = [], 0
        return [line] if line.strip() else []
