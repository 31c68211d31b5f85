"""Standing for the past: snapshots, on request or because events are gone."""

import asyncio
import uuid
from contextlib import aclosing

import anyio

from schema.events import (
    Accepted,
    Cancelled,
    Completed,
    Output,
    OutputRetracted,
    Progress,
    Recorded,
    Snapshot,
    Started,
    StreamGap,
    ToolUse,
)
from tests.contracts.event_log_clients import ObservableLog, everything, outputs, take, writer_of


class TrimContract:
    """`EventLog.trim`, and `EventLog.read` with a snapshot."""

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
                Snapshot("kept again", 20, "writing", ("index.html",), "Read"),
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

    async def test_a_snapshot_is_sent_at_the_position_but_never_from_before_it(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Accepted(), Output("text"))
        async with (
            aclosing(log.read(generation_id, 2, snapshot=True)) as at_the_end,
            aclosing(log.read(generation_id, 3, snapshot=True)) as beyond,
        ):
            assert (await anext(at_the_end)).event == Snapshot("text")
            async with asyncio.TaskGroup() as tasks:
                first = tasks.create_task(take(beyond, 1))
                await anyio.wait_all_tasks_blocked()
                stored = await writer.append(Output("a"), Output("b"))
            assert await take(at_the_end, 2) == stored
        # It may have looked before the append or after it.
        assert first.result()[0].seq == 4

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

    async def test_a_retraction_that_was_trimmed_with_its_past_is_part_of_the_gap(
        self, log: ObservableLog, generation_id: str
    ) -> None:
        writer = await writer_of(log, generation_id)
        await writer.append(Output("kept ", 1), Output("lost", 2))
        await log.trim(generation_id, 2)
        await writer.append(Output(" too", 2), OutputRetracted(2), Output("end", 3), Started())
        async with aclosing(log.read(generation_id)) as stream:
            await take(stream, 3)
            await log.trim(generation_id, 5)
            gap, snapshot, after = await take(stream, 3)
        assert gap.event == StreamGap(4, 5, "trimmed", 5)
        assert snapshot.event == Snapshot("kept end")
        assert after.event == Started()
