"""What is particular to the embedded log: its file, its memory, its end. See also the contract."""

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncGenerator, Coroutine
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.log_checkpoint import EVERY, Checkpointer
from adapters.stores.embedded.log_schema import UnknownLogVersion
from schema.errors import DreamCoreError, ErrorCode, StaleWriter
from schema.events import Completed, Output, Snapshot, Started, StreamGap
from tests.contracts.event_log_clients import (
    everything,
    outputs,
    writer_of,
)

GENERATION = str(uuid.UUID(int=1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log #1?.db"


@pytest.fixture
async def log(path: Path) -> AsyncGenerator[EmbeddedLog, None]:
    async with EmbeddedLog.open(path) as opened:
        yield opened


# the file


async def test_everything_is_there_after_reopening(path: Path) -> None:
    async with EmbeddedLog.open(path) as log:
        writer = await writer_of(log, GENERATION)
        stored = await writer.append(Started(), *outputs(3), source_id="9")
    async with EmbeddedLog.open(path) as log:
        writer = await writer_of(log, GENERATION)
        assert writer.lease.epoch == 2
        assert (writer.lease.last_seq, writer.lease.source_id) == (4, "9")
        stored += await writer.append(Completed())
        assert await everything(log.read(GENERATION)) == stored
    async with EmbeddedLog.open(path) as log:
        assert await everything(log.read(GENERATION, 2)) == stored[2:]


async def test_a_file_of_a_newer_release_is_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    before = await anyio.Path(path).read_bytes()
    with pytest.raises(UnknownLogVersion, match="format 2"):
        async with EmbeddedLog.open(path):
            pass
    assert await anyio.Path(path).read_bytes() == before


async def test_an_error_inside_the_block_comes_out_as_it_is(path: Path) -> None:
    with pytest.raises(StaleWriter):
        async with EmbeddedLog.open(path) as log:
            await log.append(GENERATION, [Started()], after_seq=0, epoch=1, source_id=None)


async def test_checkpoints_happen_beside_the_writer(path: Path) -> None:
    async with EmbeddedLog.open(path) as log:
        writer = await writer_of(log, GENERATION)
        await writer.append(Output("x" * 2**20))
        before = (await anyio.Path(path).stat()).st_size
        async with Checkpointer.open(path) as checkpointer:
            checkpointer.written(EVERY)
        assert (await anyio.Path(path).stat()).st_size > before + 2**20


# the end


async def test_closing_stores_what_was_submitted(path: Path) -> None:
    async with asyncio.TaskGroup() as tasks, EmbeddedLog.open(path) as log:
        writers = [await writer_of(log, str(uuid.UUID(int=n))) for n in range(20)]
        appends = [tasks.create_task(writer.append(Started())) for writer in writers]
        await anyio.lowlevel.checkpoint()
    assert all(append.result()[0].seq == 1 for append in appends)
    async with EmbeddedLog.open(path) as log:
        assert [await log.last_seq(str(uuid.UUID(int=n))) for n in range(20)] == [1] * 20


async def test_the_end_releases_waiting_readers_and_refuses_every_later_call(path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        async with EmbeddedLog.open(path) as log:
            writer = await writer_of(log, GENERATION)
            await writer.append(Started())
            stopped = log.read(GENERATION)
            await anext(stopped)
            released = tasks.create_task(_refusal(everything(log.read(GENERATION))))
            await anyio.wait_all_tasks_blocked()
        for call in (
            writer.append(Started()),
            log.acquire(GENERATION),
            log.page(GENERATION, 0, 1),
            log.last_seq(GENERATION),
            log.trim(GENERATION, 1),
            everything(stopped),
            everything(log.read(str(uuid.UUID(int=2)))),
        ):
            assert await _refusal(call) is ErrorCode.SHUTTING_DOWN
    assert released.result() is ErrorCode.SHUTTING_DOWN
    assert log.readers == 0


async def _refusal(call: Coroutine[object, object, object]) -> ErrorCode:
    with pytest.raises(DreamCoreError) as refused:
        await call
    return refused.value.code


# groups


async def test_a_command_that_fails_spares_those_committed_with_it(log: EmbeddedLog) -> None:
    writers = [await writer_of(log, str(uuid.UUID(int=n))) for n in range(9)]
    writers[4].seq = 7
    outcomes = await asyncio.gather(
        *(
            writer.append(Started(), source_id="\ud800" if number == 6 else "1")
            for number, writer in enumerate(writers)
        ),
        return_exceptions=True,
    )
    assert isinstance(outcomes[4], StaleWriter)
    assert isinstance(outcomes[6], DreamCoreError)
    assert outcomes[6].code is ErrorCode.INTERNAL
    last = [await log.last_seq(writer.lease.generation_id) for writer in writers]
    assert last == [1, 1, 1, 1, 0, 1, 0, 1, 1]


async def test_a_cancelled_append_is_stored_whole_or_not_at_all(log: EmbeddedLog) -> None:
    for turn in range(30):
        generation_id = str(uuid.uuid4())
        writer = await writer_of(log, generation_id)
        async with asyncio.TaskGroup() as tasks:
            append = tasks.create_task(writer.append(*outputs(3), source_id="s"))
            for _ in range(turn % 6):
                await anyio.lowlevel.checkpoint()
            append.cancel()
        lease = await log.acquire(generation_id)
        assert (lease.last_seq, lease.source_id) in {(0, None), (3, "s")}
        again = await writer_of(log, generation_id)
        await again.append(Completed())
        frames = await everything(log.read(generation_id))
        assert [frame.seq for frame in frames] == list(range(1, lease.last_seq + 2))


# retention


async def test_retention_trims_what_ended_long_ago_and_keeps_the_newest(log: EmbeddedLog) -> None:
    names = [str(uuid.UUID(int=n)) for n in range(4)]
    for name in names[:3]:
        await (await writer_of(log, name)).append(Output("text"), Completed())
    await (await writer_of(log, names[3])).append(Output("running"))
    now = datetime.now(UTC)
    assert await log.enforce_retention(older_than=now - timedelta(days=1), keep=0) == 0
    assert await log.enforce_retention(older_than=now + timedelta(days=1), keep=1) == 2
    assert await log.enforce_retention(older_than=now + timedelta(days=1), keep=1) == 0
    kept = [[r.seq for r in await log.page(name, 0, 9)] for name in names]
    assert kept == [[2], [2], [1, 2], [1]]
    gap, snapshot, end = await everything(log.read(names[0]))
    assert gap.event == StreamGap(1, 1, "trimmed", 1)
    assert snapshot.event == Snapshot("text")
    assert end.event == Completed()
