"""When Ctrl-C asks to stop, and when to leave."""

import asyncio
import os
import signal
from contextlib import suppress

import pytest

from adapters.server.interruption import Left, Presses, interruptible


@pytest.mark.parametrize(
    ("times", "stops", "leaves"),
    [
        ([], False, False),
        ([5.0], True, False),
        ([5.0, 5.001], True, False),
        ([5.0, 5.2, 5.4], True, False),
        ([5.0, 5.6], True, True),
        ([5.0, 5.1, 9.0], True, True),
    ],
)
def test_signals_in_quick_succession_are_one_press(
    times: list[float], stops: bool, leaves: bool
) -> None:
    presses = Presses()
    for now in times:
        presses.press(now)
    assert (presses.stop.is_set(), presses.leave.is_set()) == (stops, leaves)


async def interrupted_until_it_ends() -> None:
    async with asyncio.timeout(20), interruptible() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        await stop.wait()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await asyncio.Event().wait()
            os.kill(os.getpid(), signal.SIGINT)


async def test_a_later_signal_ends_the_block_whatever_it_waits_for() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await interrupted_until_it_ends()
    assert raised.group_contains(Left)


async def test_a_block_that_ends_by_itself_waits_for_no_signal() -> None:
    async with asyncio.timeout(20), interruptible() as stop:
        assert not stop.is_set()
