"""HTTP/1.1 spoken by hand: exact bytes, and proof that the connection outlives the answer."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, which says that it is JSON."""
        assert "json" in self.headers["content-type"], self.headers
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class KeptConnection:
    """One connection for any number of requests."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """One request, its target sent as it is, and its answer."""
        fields = {"Host": "gateway", "Content-Length": str(len(body)), **(headers or {})}
        lines = [f"{method} {target} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items()), "", ""]
        with anyio.fail_after(60):
            self.writer.write("\r\n".join(lines).encode() + body)
            await self.writer.drain()
            return await self._answer(method)

    async def _answer(self, method: str) -> Answer:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.splitlines()
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        length = 0 if method == "HEAD" else int(headers.get("content-length", 0))
        return Answer(int(status.split()[1]), headers, await self.reader.readexactly(length))

    async def still_works(self) -> None:
        """Fails when the server has closed the connection or lost its place in it."""
        assert (await self.ask("GET", "/api/health")).json["status"] == "ok"


@asynccontextmanager
async def kept_connection(url: str) -> AsyncGenerator[KeptConnection, None]:
    """A connection for the block."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield KeptConnection(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
