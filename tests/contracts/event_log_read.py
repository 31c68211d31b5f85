"""Reading: replay, then follow, whenever a reader comes and wherever it starts."""

import asyncio
from contextlib import aclosing

import anyio

from schema.events import Accepted, Completed, Output, Progress, Started, ToolUse
from tests.contracts.event_log_clients import (
    ObservableLog,
    everything,
    is_contiguous,
    outputs,
    take,
    text_of,
    writer_of,
)


class ReadContract:
    """`EventLog.read` and `EventLog.page` of a log that is whole."""

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
            with anyio.fail_after(60):
                for _ in range(60):
                    await writer.append(*outputs(50))
                await writer.append(Completed())
            frames += [frame async for frame in slow]
        assert is_contiguous(frames)
        assert text_of(frames) == text_of(await log.page(generation_id, 0, 5000))
        assert len(frames) < 100
