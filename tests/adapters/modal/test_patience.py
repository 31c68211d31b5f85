"""The limit of one wait among many."""

import asyncio

import pytest

from adapters.modal.patience import Patience


async def _after(seconds: float) -> None:
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, passed.set)
    await passed.wait()


async def _wait_in_vain(patience: Patience) -> None:
    async with patience:
        patience.begin()
        await asyncio.Event().wait()


async def test_a_wait_that_takes_too_long_ends_the_body() -> None:
    with pytest.raises(TimeoutError):
        await _wait_in_vain(Patience(0.02))


async def test_what_lies_between_two_waits_is_not_limited() -> None:
    async with Patience(0.02) as patience:
        patience.begin()
        patience.end()
        await _after(0.1)
        patience.begin()
        patience.end()


async def test_a_shorter_limit_holds_for_the_wait_that_is_going_on() -> None:
    patience = Patience(60.0)
    asyncio.get_running_loop().call_later(0.02, patience.limit, 0.02)
    with pytest.raises(TimeoutError):
        await _wait_in_vain(patience)


async def _in_time_and_then_in_vain(reached: list[str]) -> None:
    loop = asyncio.get_running_loop()
    async with Patience(0.05) as patience:
        patience.begin()
        came = loop.create_future()
        until = loop.time() + 0.06
        loop.call_later(0.01, lambda: [None for _ in iter(lambda: loop.time() < until, False)])
        loop.call_later(0.04, came.set_result, None)
        await came
        patience.end()
        reached.append("the end of the first wait")
        patience.begin()
        await asyncio.Event().wait()


async def test_what_came_in_the_round_of_the_expiry_came_in_time() -> None:
    reached: list[str] = []
    with pytest.raises(TimeoutError):
        await _in_time_and_then_in_vain(reached)
    assert reached


async def test_a_cancel_from_outside_stays_one() -> None:
    async def work() -> None:
        async with Patience(60.0) as patience:
            patience.begin()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(work())
        asyncio.get_running_loop().call_soon(task.cancel)
    assert task.cancelled()
