"""A command as somebody at a terminal sees it."""

import asyncio
import os
import pty
import struct
import termios
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path

ROWS, COLUMNS = 40, 100
PATIENCE_SECONDS = 120


async def shown_by(command: Path, *arguments: str, environment: Mapping[str, str]) -> str:
    """All that the command writes to its terminal, escape sequences included; it must succeed."""
    ours, theirs = pty.openpty()
    try:
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        process = await asyncio.create_subprocess_exec(
            command, *arguments, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        async with asyncio.timeout(PATIENCE_SECONDS):
            shown = await asyncio.to_thread(_all_of, ours)
            assert await process.wait() == 0, shown
    finally:
        os.close(ours)
    return shown


def _all_of(terminal: int) -> str:
    read = bytearray()
    try:
        while piece := os.read(terminal, 65_536):
            read += piece
    except OSError:  # how Linux tells that nobody writes any more
        pass
    return read.decode()
