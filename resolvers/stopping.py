"""Waiting that a stop may end, and outcomes as values."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Stopped(Exception):
    """Somebody stopped the generation meanwhile."""


async def outcome_of(work: Coroutine[Any, Any, Result]) -> Result | BaseException:
    """What it returned or raised, as a value: it must not end the task group it runs in."""
    outcomes: tuple[Result | BaseException] = await asyncio.gather(work, return_exceptions=True)
    return outcomes[0]


async def unless_stopped(
    requested: asyncio.Event, work: Callable[[], Coroutine[Any, Any, Result]]
) -> Result:
    """What `work` returns or raises; `Stopped`, with the work cancelled, once it is `requested`."""

    async def done() -> Result | BaseException:
        return await outcome_of(work())

    async with asyncio.TaskGroup() as group:
        working = group.create_task(done())
        watching = group.create_task(_cancel_when(requested, working))
        try:
            await asyncio.wait([working])
        finally:
            watching.cancel()
    if working.cancelled():
        raise Stopped
    outcome = working.result()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


async def _cancel_when(requested: asyncio.Event, working: asyncio.Task[Any]) -> None:
    await requested.wait()
    working.cancel()
