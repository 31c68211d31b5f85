"""The time until somebody ends a connection from outside the task that serves it."""

import asyncio
from types import TracebackType
from typing import Self


class Lifetime:
    """`async with`: the body runs until it is done or `end` is called, which cancels it.

    Unlike a deadline it expires on request, and leaving early is not an error.
    """

    def __init__(self) -> None:
        self._timeout = asyncio.timeout(None)
        self.ended = False

    def end(self) -> None:
        """Cancel the body where it waits. Later calls do nothing."""
        if not self.ended:
            self.ended = True
            self._timeout.reschedule(0)

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            return True
        finally:
            self.ended = True
        return False
