"""A command at a terminal, read while it runs."""

import asyncio
import os
import pty
import signal
import struct
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

ROWS, COLUMNS = 40, 100
PATIENCE_SECONDS = 120


@dataclass
class Terminal:
    """What the command writes, and the keyboard in front of it."""

    process: Process
    reader: asyncio.StreamReader
    shown: str = ""

    async def shows(self, text: str) -> str:
        """All that was written, as soon as `text` and the line it is in are there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "\n" not in self.shown.partition(text)[2]:
                self.shown += (await self.reader.readline()).decode()
        return self.shown

    async def interrupted(self) -> int:
        """Press Ctrl-C; the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def at_a_terminal(
    command: Path, *arguments: str, environment: Mapping[str, str]
) -> AsyncGenerator[Terminal, None]:
    """A running command that leads its own process group."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", buffering=0)
    )
    try:
        process = await asyncio.create_subprocess_exec(
            command,
            *arguments,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            yield Terminal(process, reader)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    finally:
        transport.close()
