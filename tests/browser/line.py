"""A cable between browsers and a gateway, which can be cut and can fall silent."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Passes bytes on, both ways, while it is not held."""

    def __init__(self, gateway: str) -> None:
        self.url = ""
        self._gateway = urlsplit(gateway)
        self._ends: set[StreamWriter] = set()
        self._free = asyncio.Event()
        self._free.set()

    def cut(self) -> None:
        """End every connection without a word."""
        for end in self._ends:
            end.transport.abort()

    def hold(self) -> None:
        """Connections stay, and nothing comes through."""
        self._free.clear()

    def release(self) -> None:
        """What was held comes through, and all that follows."""
        self._free.set()

    async def connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection to its end."""
        there = await asyncio.open_connection(self._gateway.hostname, self._gateway.port)
        ends = {writer, there[1]}
        self._ends |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, there[1]))
                group.create_task(self._pass_on(there[0], writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._free.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def line_to(gateway: str) -> AsyncGenerator[Line, None]:
    """A cable to the gateway at a URL, for the block."""
    line = Line(gateway)
    server = await asyncio.start_server(line.connected, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield line
        line.release()
        line.cut()
