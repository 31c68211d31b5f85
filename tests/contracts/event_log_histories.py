"""Random histories of one generation, checked against the model."""

import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.errors import StaleWriter
from schema.events import Completed
from tests.contracts.event_log_clients import ObservableLog, Writer, writer_of
from tests.contracts.event_log_model import Client, Model


@dataclass
class History:
    """One generation, its model and its readers."""

    log: ObservableLog
    generation_id: str
    writer: Writer
    model: Model = field(default_factory=Model)
    clients: list[Client] = field(default_factory=list)

    async def run(self, choice: int, number: int, readers: AsyncExitStack) -> None:
        end = len(self.model.events)
        match choice:
            case 0 | 1:
                await self.writer.append(
                    *(self.model.event((number >> index) % 12) for index in range(1 + number % 40))
                )
            case 2 | 3:
                await self.open_reader(number, readers)
            case 4 | 5 | 6:
                for client in self.clients:
                    for _ in range(1 + number % 4):
                        if client.position < end:
                            await client.step()
            case 7:
                self.model.trimmed = max(self.model.trimmed, min(number, end))
                await self.log.trim(self.generation_id, number)
            case 8:
                earlier, self.writer = self.writer, await writer_of(self.log, self.generation_id)
                with pytest.raises(StaleWriter):
                    await earlier.append(Completed())
            case 9:
                after = number % (end + 2)
                stored = await self.log.page(self.generation_id, after, 10)
                start = max(after, self.model.trimmed)
                assert [recorded.event for recorded in stored] == self.model.events[
                    start : start + 10
                ]
            case _:
                for client in self.clients[:1]:
                    await client.stream.aclose()
                del self.clients[:1]

    async def open_reader(self, number: int, readers: AsyncExitStack) -> None:
        after, snapshot = number // 2 % (len(self.model.events) + 1), number % 2 == 1
        stream = self.log.read(self.generation_id, after, snapshot=snapshot)
        readers.push_async_callback(stream.aclose)
        client = Client(self.model, stream, after)
        client.texts = [(seq, seq, text) for seq, text in self.model.fold(after).outputs]
        self.clients.append(client)
        assert self.log.readers <= len(self.clients)

    async def finish(self) -> None:
        await self.writer.append(Completed())
        self.model.events.append(Completed())
        for client in self.clients:
            while client.position < len(self.model.events):
                await client.step()
            with pytest.raises(StopAsyncIteration):
                await anext(client.stream)
            assert client.text == self.model.fold(len(self.model.events)).snapshot().text
        assert self.log.readers == 0


class HistoryContract:
    """Any interleaving of writing, reading, trimming and fencing tells every client the truth."""

    @given(
        steps=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 400)), min_size=30, max_size=60)
    )
    @settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    async def test_every_history_reads_like_the_model(
        self, log: ObservableLog, steps: list[tuple[int, int]]
    ) -> None:
        generation_id = str(uuid.uuid4())
        history = History(log, generation_id, await writer_of(log, generation_id))
        with anyio.fail_after(60):
            await self._play(history, steps)

    async def _play(self, history: History, steps: list[tuple[int, int]]) -> None:
        async with AsyncExitStack() as readers:
            for choice, number in steps:
                await history.run(choice, number, readers)
            await history.finish()
