"""What every event log does: the suite behind `schema.ports.EventLog`.

A test module subclasses `EventLogContract` and gives it a `log` fixture, parametrised over the
implementations. They expose one thing besides the port: `readers`, how many are open.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import pairwise
from typing import Protocol

import anyio
import pytest

from schema.errors import StaleWriter
from schema.events import (
    Accepted,
    Cancelled,
    Completed,
    Event,
    Output,
    OutputRetracted,
    Progress,
    Recorded,
    Snapshot,
    Started,
    StreamGap,
    ToolUse,
)
from schema.ports import EventLog, Lease


class ObservableLog(EventLog, Protocol):
    """A log that tells how many readers it serves."""

    @property
    def readers(self) -> int: ...


class Writer:
    """The holder of a lease, who knows where the log stands."""

    def __init__(self, log: EventLog, lease: Lease) -> None:
        self._log = log
        self.lease = lease
        self.seq = lease.last_seq

    async def append(self, *events: Event, source_id: str | None = None) -> list[Recorded]:
        recorded = await self._log.append(
            self.lease.generation_id,
            events,
            after_seq=self.seq,
            epoch=self.lease.epoch,
            source_id=source_id,
        )
        self.seq = recorded[-1].seq
        return recorded


async def writer_of(log: EventLog, generation_id: str) -> Writer:
    return Writer(log, await log.acquire(generation_id))


async def take(stream: AsyncGenerator[Recorded, None], count: int) -> list[Recorded]:
    return [await anext(stream) for _ in range(count)]


async def everything(stream: AsyncGenerator[Recorded, None]) -> list[Recorded]:
    async with aclosing(stream):
        return [recorded async for recorded in stream]


def text_of(frames: list[Recorded]) -> str:
    return "".join(frame.event.text for frame in frames if isinstance(frame.event, Output))


def is_contiguous(frames: list[Recorded], first: int = 1) -> bool:
    return frames[0].from_seq == first and all(
        later.from_seq == earlier.seq + 1 for earlier, later in pairwise(frames)
    )


def outputs(count: int, block: int = 1) -> list[Output]:
    return [Output(f"{number} ", block) for number in range(count)]


@pytest.fixture
def generation_id() -> str:
    return str(uuid.uuid4())


class EventLogContract:
    """The order of the tests is the order of `design.md`: write, read, lag, trim."""

    # append

    async def test_seq_is_dense_from_one(self, log: ObservableLog, generation_id: str) -> None:
        writer = await writer_of(log, generation_id)
        first = await writer.append(Accepted(), Started())
        second = await writer.append(Progress(10, "reading"), Completed())
        assert [recorded.seq for recorded in first + second] == [1, 2, 3, 4]
        assert [recorded.from_seq for recorded in first + second] == [1, 2, 3, 4]
        assert [recorded.at for recorded in first + second] == sorted(
            recorded.at for recorded in first + second
        )
        assert await everything(log.read(generation_id)) == first + second
        assert await log.page(generation_id, 0, 10) == first + second

    async def test_a_position_that_is_not_current_is_refused(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted())
        for wrong in (0, 2):
            with pytest.raises(StaleWriter):
                await log.append(
                    generation_id,
                    [Started()],
                    after_seq=wrong,
                    epoch=writer.lease.epoch,
                    source_id="lost",
                )
        assert await log.last_seq(generation_id) == 1
        assert (await log.acquire(generation_id)).source_id is None

    async def test_one_of_two_concurrent_writers_is_refused(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        lease = await log.acquire(generation_id)
        outcomes = await asyncio.gather(
            Writer(log, lease).append(Output("a"), source_id="a"),
            Writer(log, lease).append(Output("b"), source_id="b"),
            return_exceptions=True,
        )
        errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert [type(error) for error in errors] == [StaleWriter]
        (stored,) = await log.page(generation_id, 0, 10)
        assert isinstance(stored.event, Output)
        assert stored.event.text == (await log.acquire(generation_id)).source_id

    async def test_acquiring_fences_the_earlier_writer(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        earlier = await writer_of(log, generation_id)
        await earlier.append(Accepted(), source_id="7")
        later = await writer_of(log, generation_id)
        assert later.lease.epoch > earlier.lease.epoch
        assert later.lease.last_seq == 1
        assert later.lease.source_id == "7"
        with pytest.raises(StaleWriter):
            await earlier.append(Started())
        await later.append(Started())
        assert await log.last_seq(generation_id) == 2

    async def test_an_append_without_acquiring_is_refused(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        with pytest.raises(StaleWriter):
            await log.append(generation_id, [Accepted()], after_seq=0, epoch=0, source_id=None)
        assert await log.last_seq(generation_id) == 0

    async def test_the_source_position_is_stored_with_the_events(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        assert writer.lease.source_id is None
        await writer.append(Accepted(), source_id="12")
        await writer.append(Started(), source_id=None)
        lease = await log.acquire(generation_id)
        assert (lease.last_seq, lease.source_id, lease.closed) == (2, "12", False)

    async def test_nothing_follows_a_terminal_event(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        with pytest.raises(ValueError, match="terminal"):
            await writer.append(Cancelled(), Started())
        await writer.append(Accepted(), Cancelled())
        with pytest.raises(StaleWriter):
            await writer.append(Started())
        again = await writer_of(log, generation_id)
        assert again.lease.closed
        assert again.lease.last_seq == 2
        with pytest.raises(StaleWriter):
            await again.append(Completed())
        assert await log.last_seq(generation_id) == 2

    async def test_an_empty_batch_is_an_error(self, log: ObservableLog, generation_id: str) -> None:
        writer = await writer_of(log, generation_id)
        with pytest.raises(ValueError, match="at least one"):
            await writer.append()

    async def test_generations_are_independent(self, log: ObservableLog) -> None:
        names = [str(uuid.uuid4()) for _ in range(20)]
        writers = [await writer_of(log, name) for name in names]
        for number in range(5):
            await asyncio.gather(*(writer.append(Output(f"{number}")) for writer in writers))
        await asyncio.gather(*(writer.append(Completed()) for writer in writers))
        for name in names:
            assert text_of(await everything(log.read(name))) == "01234"

    # read

    async def test_reading_starts_after_the_given_position(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Accepted(), *outputs(5), Completed())
        for after in range(len(stored) + 1):
            assert await everything(log.read(generation_id, after)) == stored[after:]
            assert await log.page(generation_id, after, 2) == stored[after : after + 2]

    async def test_a_reader_may_come_before_the_first_append(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        async with asyncio.TaskGroup() as tasks:
            reader = tasks.create_task(everything(log.read(generation_id)))
            await anyio.wait_all_tasks_blocked()
            writer = await writer_of(log, generation_id)
            stored = await writer.append(Accepted(), Completed())
        assert reader.result() == stored

    async def test_a_position_beyond_the_end_waits_for_it(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted())
        async with asyncio.TaskGroup() as tasks:
            reader = tasks.create_task(everything(log.read(generation_id, 3)))
            await anyio.wait_all_tasks_blocked()
            await writer.append(Started(), Progress(1, "a"))
            stored = await writer.append(Progress(2, "b"), Completed())
        assert reader.result() == stored
        assert await everything(log.read(generation_id, 9)) == []

    async def test_an_append_during_replay_is_neither_lost_nor_repeated(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        for output in outputs(30):
            await writer.append(output)
        async with aclosing(log.read(generation_id)) as stream:
            frames = await take(stream, 1)
            for output in outputs(30, block=2):
                await writer.append(output)
            frames += await take(stream, 1)
            await writer.append(*outputs(5, block=3), Completed())
            frames += [frame async for frame in stream]
        assert is_contiguous(frames)
        assert frames[-1].seq == 66
        assert text_of(frames) == "".join(
            output.text for output in outputs(30) + outputs(30) + outputs(5)
        )

    async def test_a_follower_sees_events_as_they_are_committed(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        async with aclosing(log.read(generation_id)) as stream:
            for output in outputs(40):
                (stored,) = await writer.append(output)
                assert await anext(stream) == stored

    async def test_readers_are_independent(self, log: ObservableLog, generation_id: str) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Accepted(), Started(), Output("a"))
        async with (
            aclosing(log.read(generation_id)) as first,
            aclosing(log.read(generation_id, 1)) as second,
        ):
            assert await take(first, 1) == stored[:1]
            assert await take(second, 2) == stored[1:]
            stored += await writer.append(Completed())
            assert await everything(second) == stored[3:]
            assert await everything(first) == stored[1:]

    async def test_nothing_is_left_of_a_reader_that_is_cancelled_or_closed(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted())
        tasks_before = asyncio.all_tasks()
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(everything(log.read(generation_id))) for _ in range(3)]
            await anyio.wait_all_tasks_blocked()
            for task in waiting:
                task.cancel()
        async with aclosing(log.read(generation_id)) as stream:
            await anext(stream)
            assert log.readers == 1
        await log.read(generation_id).aclose()
        assert log.readers == 0
        assert asyncio.all_tasks() == tasks_before

    async def test_large_and_foreign_text_survives(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        text = "ゲーム🎮\u0000\n\\\"'\u2028" + "あ" * 2**20
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Output(text), ToolUse("Write", "é/ファイル.js"), Completed())
        assert await everything(log.read(generation_id)) == stored
        assert await log.page(generation_id, 0, 10) == stored

    # lag

    async def test_a_reader_that_lags_gets_adjacent_output_merged(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(
            Accepted(), *outputs(30), ToolUse("Write", "a.js"), *outputs(30), *outputs(30, block=2)
        )
        await writer.append(Completed())
        frames = await everything(log.read(generation_id))
        assert is_contiguous(frames)
        assert [type(frame.event) for frame in frames] == [
            Accepted, Output, ToolUse, Output, Output, Completed,
        ]  # fmt: skip
        assert [(frame.from_seq, frame.seq) for frame in frames[1:5]] == [
            (2, 31), (32, 32), (33, 62), (63, 92),
        ]  # fmt: skip
        assert frames[1].at == stored[30].at
        assert text_of(frames) == text_of(stored)

    async def test_a_reader_that_keeps_up_gets_every_event(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(*outputs(14), Completed())
        assert await everything(log.read(generation_id)) == stored

    async def test_a_slow_reader_never_blocks_an_append(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted())
        async with aclosing(log.read(generation_id)) as slow:
            frames = await take(slow, 1)
            with anyio.fail_after(20):
                for _ in range(60):
                    await writer.append(*outputs(50))
                await writer.append(Completed())
            frames += [frame async for frame in slow]
        assert is_contiguous(frames)
        assert text_of(frames) == text_of(await log.page(generation_id, 0, 5000))
        assert len(frames) < 100

    # snapshot, trim

    async def test_a_snapshot_stands_for_the_past(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(
            Accepted(),
            Progress(20, "writing"),
            Output("kept ", 1),
            Output("lost ", 2),
            ToolUse("Write", "index.html"),
            ToolUse("Read", "other.html"),
            OutputRetracted(4),
            Output("again", 3),
        )
        async with aclosing(log.read(generation_id, snapshot=True)) as stream:
            frame = await anext(stream)
            assert frame == Recorded(
                generation_id,
                8,
                stored[-1].at,
                Snapshot("kept again", 20, "writing", ("index.html",)),
                1,
            )
            stored += await writer.append(Output("!", 3), Completed())
            assert await everything(stream) == stored[8:]

    async def test_a_snapshot_reader_of_an_ended_generation_gets_its_end(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Accepted(), Output("text"), Completed())
        frames = await everything(log.read(generation_id, snapshot=True))
        assert [frame.seq for frame in frames] == [2, 3]
        assert frames[0].event == Snapshot("text")
        assert frames[1] == stored[2]
        assert await everything(log.read(generation_id, 3, snapshot=True)) == []

    async def test_a_snapshot_of_nothing_is_not_sent(self, log: ObservableLog) -> None:
        running, ended = str(uuid.uuid4()), str(uuid.uuid4())
        stored = await (await writer_of(log, ended)).append(Cancelled())
        assert await everything(log.read(ended, snapshot=True)) == stored
        async with asyncio.TaskGroup() as tasks:
            reader = tasks.create_task(everything(log.read(running, snapshot=True)))
            await anyio.wait_all_tasks_blocked()
            stored = await (await writer_of(log, running)).append(Accepted(), Completed())
        # It may have looked before the append or after it.
        assert [frame.seq for frame in reader.result()] == [1, 2]
        assert reader.result()[1] == stored[1]

    async def test_a_trimmed_position_is_answered_with_gap_and_snapshot(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Accepted(), Progress(5, "a"), *outputs(4), Completed())
        await log.trim(generation_id, 4)
        frames = await everything(log.read(generation_id, 1))
        at = stored[3].at
        assert frames == [
            Recorded(generation_id, 4, at, StreamGap(2, 4, "trimmed", 4), 2),
            Recorded(generation_id, 4, at, Snapshot("0 1 ", 5, "a"), 1),
            *stored[4:],
        ]
        assert await everything(log.read(generation_id, 4)) == stored[4:]
        assert await log.page(generation_id, 0, 10) == stored[4:]
        assert await log.last_seq(generation_id) == 7
        (snapshot, *rest) = await everything(log.read(generation_id, snapshot=True))
        assert (snapshot.seq, snapshot.event) == (6, Snapshot("0 1 2 3 ", 5, "a"))
        assert rest == stored[6:]

    async def test_trimming_never_reaches_the_terminal_event_or_beyond_the_end(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        await log.trim(generation_id, 5)
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted(), Output("a"))
        await log.trim(generation_id, 1000)
        assert await log.last_seq(generation_id) == 2
        assert (await log.acquire(generation_id)).last_seq == 2
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Output("b"), Completed())
        await log.trim(generation_id, 1000)
        await log.trim(generation_id, 1)
        gap, snapshot, end = await everything(log.read(generation_id))
        assert gap.event == StreamGap(1, 3, "trimmed", 3)
        assert snapshot.event == Snapshot("ab")
        assert end == stored[1]

    async def test_a_reader_is_told_when_its_position_is_trimmed_meanwhile(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        stored = await writer.append(Accepted())
        async with aclosing(log.read(generation_id)) as stream:
            assert await take(stream, 1) == stored
            await writer.append(Output("a"), Output("b"))
            await log.trim(generation_id, 2)
            gap, snapshot, after = await take(stream, 3)
        assert gap.event == StreamGap(2, 2, "trimmed", 2)
        assert snapshot.event == Snapshot("a")
        assert after.event == Output("b")

    async def test_a_retraction_behind_the_snapshot_becomes_a_new_snapshot(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Output("kept ", 1), Output("lost", 2))
        await log.trim(generation_id, 2)
        async with (
            aclosing(log.read(generation_id)) as resumed,
            aclosing(log.read(generation_id, 2)) as follower,
        ):
            await take(resumed, 2)
            stored = await writer.append(Output(" too", 2), OutputRetracted(2), Output("end", 3))
            stored += await writer.append(Completed())
            frames = await everything(resumed)
            assert await everything(follower) == stored
        assert [frame.seq for frame in frames] == [3, 4, 5, 6]
        assert frames[1] == Recorded(generation_id, 4, stored[1].at, Snapshot("kept "), 1)
        assert frames[0::2] == stored[0::2]
