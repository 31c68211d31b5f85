"""What Ctrl-C means to a command that watches a run: first to stop it, then to leave it alone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from adapters.server.serving import on_signals

# Launchers pass on what the terminal has sent already: that is one key, pressed once.
ONE_PRESS_SECONDS: Final = 0.5


class Left(Exception):
    """The user does not wait for the end of the run."""

    def __init__(self) -> None:
        super().__init__("left at once; a run that has not ended may go on")


@dataclass(frozen=True, slots=True)
class Presses:
    """Counts signals, and takes those in quick succession for one. Times in seconds."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    _times: list[float] = field(default_factory=list)

    def press(self, now: float) -> None:
        """One more signal."""
        self._times.append(now)
        self.stop.set()
        if now - self._times[0] > ONE_PRESS_SECONDS:
            self.leave.set()


@asynccontextmanager
async def interruptible() -> AsyncGenerator[asyncio.Event, None]:
    """Yields what the first SIGINT or SIGTERM sets; a later one ends the block with `Left`.

    Exceptions leave in an ExceptionGroup.
    """
    presses = Presses()
    loop = asyncio.get_running_loop()

    async def leave() -> None:
        await presses.leave.wait()
        raise Left

    with on_signals(lambda: presses.press(loop.time())):
        async with asyncio.TaskGroup() as group:
            leaving = group.create_task(leave())
            try:
                yield presses.stop
            finally:
                leaving.cancel()
