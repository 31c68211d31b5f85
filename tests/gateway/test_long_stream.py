"""A subscription with very many events: complete, and nothing is left behind by any of them."""

from contextlib import aclosing
from pathlib import Path

import anyio
import pytest

from tests.gateway.agreement import assert_agrees
from tests.gateway.flooding import MEBIBYTE, flooded_gateway, logged
from tests.gateway.watchers import WATCHERS

WARM = 5_000
EVENTS = 20_000


@pytest.mark.parametrize("transport", WATCHERS)
async def test_twenty_thousand_events_arrive_and_memory_stays_flat(
    tmp_path: Path, transport: str
) -> None:
    async with flooded_gateway(tmp_path) as gateway:
        generation = await gateway.start()
        stream = gateway.watcher(transport).watch(generation)
        with anyio.fail_after(60):
            async with aclosing(stream):
                # Progress is never merged: every event passes through the subscription.
                gateway.order("status", WARM)
                received = [await anext(stream) for _ in range(WARM)]
                memory, objects = gateway.memory, await gateway.objects()
                gateway.order("status", EVENTS - WARM)
                received += [await anext(stream) for _ in range(EVENTS - WARM)]
                assert await gateway.objects() - objects < 1_000
                assert gateway.memory - memory < 8 * MEBIBYTE
                gateway.order("done")
                received += [event async for event in stream]
    assert received[-1]["__typename"] == "GenerationCompleted"
    assert_agrees(received, await logged(tmp_path, generation))
