"""The moment from which nothing new may stay open."""

import asyncio


class Drain:
    """Begun once, when the server starts to shut down; never taken back."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def started(self) -> bool:
        """Whether the server is shutting down."""
        return self._event.is_set()

    def begin(self) -> None:
        """End every open stream and refuse new ones. Call it on the event loop."""
        self._event.set()

    async def wait(self) -> None:
        """Return when it begins."""
        await self._event.wait()
