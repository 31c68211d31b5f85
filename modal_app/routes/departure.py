"""Work that ends when the client that wants it goes away."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from schema.errors import DreamCoreError

Result = TypeVar("Result")


async def while_wanted(request: Request, work: Awaitable[Result]) -> Result:
    """What `work` returns; it is cancelled when the client goes away.

    The body of the request must have been read. Raises the `DreamCoreError` of `work`, and
    `ClientDisconnect`.
    """
    outcomes: list[Result] = []
    failures: list[DreamCoreError] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(until_disconnect, request.receive, tasks.cancel_scope.cancel)
        try:
            outcomes.append(await work)
        except DreamCoreError as error:
            failures.append(error)
        tasks.cancel_scope.cancel()
    for failure in failures:
        raise failure
    for outcome in outcomes:
        return outcome
    raise ClientDisconnect


async def until_disconnect(receive: Receive, cancel: Callable[[], None]) -> None:
    """Call `cancel` when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    cancel()
