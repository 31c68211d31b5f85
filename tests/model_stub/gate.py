"""Points at which a scripted answer waits for the test."""

import asyncio


class Gate:
    """Holds every answer that comes to it, until it is released for good."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._released = asyncio.Event()

    async def hold(self) -> None:
        """Say that an answer has come, and wait."""
        self.reached.set()
        await self._released.wait()

    def release(self) -> None:
        """Let the answers go on."""
        self._released.set()


class Gates(dict[str, Gate]):
    """Gates by name, made when they are first spoken of."""

    def __missing__(self, name: str) -> Gate:
        return self.setdefault(name, Gate())
