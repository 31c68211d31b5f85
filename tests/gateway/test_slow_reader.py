"""A watcher that stops reading: nobody waits for it, nothing is kept for it, it misses nothing."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import anyio
import pytest

from tests.gateway.agreement import assert_agrees
from tests.gateway.conftest import collect
from tests.gateway.flooding import MEBIBYTE, flooded_gateway, logged
from tests.gateway.watchers import WATCHERS

WARM = 2_000
OUTPUTS = 20_000
SIZE = 1_024
GROWTH = 8 * MEBIBYTE


@pytest.mark.parametrize("transport", WATCHERS)
async def test_a_stalled_reader_costs_nothing_and_catches_up_merged(
    tmp_path: Path, transport: str
) -> None:
    async with flooded_gateway(tmp_path) as gateway:
        generation = await gateway.start()
        stalled = gateway.watcher(transport, receive_buffer=16_384).watch(generation)
        async with aclosing(stalled), asyncio.TaskGroup() as group:
            others = [
                group.create_task(collect(gateway.watcher(other).watch(generation)))
                for other in WATCHERS
            ]
            gateway.order("output", WARM, SIZE)
            slow = [await anext(stalled)]
            while slow[-1]["seq"] < WARM:
                slow.append(await anext(stalled))
            before = gateway.memory
            gateway.order("output", OUTPUTS, SIZE)
            gateway.order("done")
            with anyio.fail_after(60):
                await asyncio.wait(others)
            assert gateway.memory - before < GROWTH
            with anyio.fail_after(60):
                slow += [event async for event in stalled]
            assert gateway.memory - before < GROWTH
    stored = await logged(tmp_path, generation)
    assert len(stored) > WARM + OUTPUTS
    assert len(slow) < OUTPUTS / 4
    assert slow[-1]["__typename"] == "GenerationCompleted"
    for received in (slow, *(task.result() for task in others)):
        assert_agrees(received, stored)
