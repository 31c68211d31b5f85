"""Writing: dense numbers, all or nothing, one writer at a time, nothing after the end."""

import asyncio
import uuid

import pytest

from schema.errors import StaleWriter
from schema.events import Accepted, Cancelled, Completed, Output, Progress, Started
from tests.contracts.event_log_clients import ObservableLog, Writer, everything, text_of, writer_of


class AppendContract:
    """`EventLog.acquire` and `EventLog.append`."""

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
