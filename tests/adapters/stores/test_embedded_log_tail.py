"""What the embedded log keeps in memory, and readers that need more than that."""

import asyncio
import tracemalloc
import uuid
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.log_tail import TailLimits
from schema.events import Completed, Output, Recorded
from tests.contracts.event_log_clients import is_contiguous, outputs, take, text_of, writer_of

GENERATION = str(uuid.UUID(int=1))


@pytest.mark.parametrize(
    "limits", [TailLimits(events=8), TailLimits(size=1), TailLimits(total_size=1)]
)
async def test_a_reader_behind_the_tail_catches_up_and_joins_it(
    tmp_path: Path, limits: TailLimits
) -> None:
    async with EmbeddedLog.open(tmp_path / "log.db", limits=limits) as log:
        writer = await writer_of(log, GENERATION)
        other = await writer_of(log, str(uuid.UUID(int=2)))
        stored = await writer.append(*outputs(700))
        async with aclosing(log.read(GENERATION)) as stream:
            frames = await take(stream, 1)
            while frames[-1].seq < 700:
                frames += await take(stream, 1)
            for number in range(20):
                stored += await writer.append(Output(f"[{number}]", 2))
                await other.append(Output("evicts"))
                frames += await take(stream, 1)
            stored += await writer.append(Completed())
            frames += [frame async for frame in stream]
    assert is_contiguous(frames)
    assert frames[-1].seq == 721
    assert text_of(frames) == text_of(stored)


async def test_what_is_kept_in_memory_is_bounded(tmp_path: Path) -> None:
    limits = TailLimits(events=50, size=100_000, total_size=300_000)
    async with EmbeddedLog.open(tmp_path / "log.db", limits=limits) as log:
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(40):
            writer = await writer_of(log, str(uuid.uuid4()))
            for _ in range(10):
                await writer.append(Output("x" * 9000))
            await writer.append(Completed())
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert after - before < 1_000_000


async def test_an_idle_reader_costs_a_few_kibibytes(tmp_path: Path) -> None:
    async with EmbeddedLog.open(tmp_path / "log.db") as log:
        assert await _cost_of_readers(log, 500) < 4 * 1024


async def _cost_of_readers(log: EmbeddedLog, count: int) -> float:
    """Bytes for each of `count` readers that wait, its task included."""
    writer = await writer_of(log, GENERATION)
    await writer.append(*outputs(1000))
    async with AsyncExitStack() as readers, asyncio.TaskGroup() as tasks:
        streams = [log.read(GENERATION) for _ in range(count)]
        tracemalloc.start()
        for stream in streams:
            readers.push_async_callback(stream.aclose)
            while (await anext(stream)).seq < 1000:
                pass
        waiting = [tasks.create_task(_next(stream)) for stream in streams]
        await anyio.wait_all_tasks_blocked()
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert log.readers == count
        await writer.append(Output("wake", 2))
    assert {task.result().seq for task in waiting} == {1001}
    return used / count


async def _next(stream: AsyncGenerator[Recorded, None]) -> Recorded:
    return await anext(stream)
