"""A time limit for every one of many waits, which costs one timer for all of them."""

import asyncio
from types import TracebackType
from typing import Self


class Patience:
    """`async with`: ends the body with TimeoutError when one of its waits takes too long.

    A wait is what lies between `begin` and `end`; it may take `seconds`. Nothing else in the body
    is limited. A timeout around each wait would cost more than parsing what came.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None
        self._since: float | None = None

    def begin(self) -> None:
        """A wait begins."""
        self._since = self._loop.time()

    def limit(self, seconds: float) -> None:
        """From now on waits may take `seconds`, the present one included."""
        self._seconds = seconds
        if self._timer is not None:
            self._timer.cancel()
            self._check()

    def end(self) -> None:
        """It was long enough for what came."""
        self._since = None
        if self._timeout.when() is not None:
            # Both happened in one round of the loop.
            self._timeout.reschedule(None)
            self._check()

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._check()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._timeout.__aexit__(kind, error, traceback)

    def _check(self) -> None:
        now = self._loop.time()
        due = (now if self._since is None else self._since) + self._seconds
        if due > now:
            self._timer = self._loop.call_at(due, self._check)
        else:
            self._timeout.reschedule(now)
