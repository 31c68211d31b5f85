"""As much of an HTTP/1.1 server as the stub needs, close to the socket so that it can misbehave."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Received:
    """A request. Header names are lower-case."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """The body; raises ValueError."""
        return json.loads(self.content)


async def receive(reader: asyncio.StreamReader) -> Received | None:
    """The next request; None when the client has closed."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    # A proxy is asked for the whole address.
    return Received(method, urlsplit(target).path, headers, content)


class Response:
    """One answer on a connection that is closed after it."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def _head(self, status: int, content_type: str, extra: Mapping[str, str]) -> None:
        headers = {"content-type": content_type, "connection": "close", **extra}
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        known = {s.value: s.phrase for s in HTTPStatus}
        start = f"HTTP/1.1 {status} {known.get(status, 'Scripted')}\r\n"
        self._writer.write((start + "".join(lines) + "\r\n").encode("latin-1"))
        await self._writer.drain()

    async def send(
        self,
        content: bytes,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A whole answer."""
        length = {"content-length": str(len(content))}
        await self._head(status, content_type, {**length, **(headers or {})})
        self._writer.write(content)
        await self._writer.drain()

    async def start_events(self) -> None:
        """The head of an event stream; `chunk`s follow."""
        await self._head(200, "text/event-stream", {"transfer-encoding": "chunked"})

    async def chunk(self, content: bytes) -> None:
        """A part of the stream."""
        self._writer.write(b"%x\r\n%b\r\n" % (len(content), content))
        await self._writer.drain()

    async def end(self) -> None:
        """The proper end of the stream."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def cut(self) -> None:
        """Drop the connection in the middle."""
        self._writer.transport.abort()
