"""A server that answers every request with 200, and remembers that it was asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Answering:
    """`heads` are the request heads that came."""

    url: str
    heads: list[str] = field(default_factory=list)

    @property
    def as_proxy(self) -> dict[str, str]:
        """The environment of a machine that sends everything through it."""
        return dict.fromkeys(PROXIES, self.url)


@asynccontextmanager
async def answering() -> AsyncGenerator[Answering, None]:
    """Serve on a port of its own for the block."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            served.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    served = Answering(f"http://127.0.0.1:{port}")
    async with server:
        yield served
