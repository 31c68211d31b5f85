"""Random histories of one generation, checked against the simplest log there is: a list."""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.errors import StaleWriter
from schema.events import (
    Completed,
    Event,
    Output,
    OutputRetracted,
    Progress,
    Recorded,
    Snapshot,
    StreamGap,
    ToolUse,
)
from schema.fold import Fold
from tests.contracts.event_log import ObservableLog, Writer, writer_of


@dataclass
class Model:
    """What was appended, and how far it was trimmed at most."""

    events: list[Event] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    trimmed: int = 0

    def fold(self, through: int) -> Fold:
        fold = Fold()
        for seq, event in enumerate(self.events[:through], 1):
            fold.add(seq, event)
        return fold

    @property
    def last_open_seq(self) -> int:
        return len(self.events) - isinstance(self.events[-1], Completed)

    def event(self, choice: int) -> Event:
        """The next event; blocks and retractions follow the rules of `schema.events`."""
        seq = len(self.events) + 1
        match choice:
            case 0:
                event: Event = ToolUse("Write", f"{seq % 3}.js")
            case 1:
                event = Progress(min(seq, 100), f"step {seq}")
            case 2 if self.blocks:
                event = OutputRetracted(self.blocks[seq % len(self.blocks)])
                self.blocks = [start for start in self.blocks if start < event.from_seq]
                self.blocks.append(seq + 1)
            case 3:
                self.blocks.append(seq)
                event = Output(f"<{seq}>", seq)
            case _:
                self.blocks = self.blocks or [seq]
                event = Output(f"<{seq}>", self.blocks[-1])
        self.events.append(event)
        return event


@dataclass
class Client:
    """A reader and what it makes of its frames: every frame is checked when it arrives."""

    model: Model
    stream: AsyncGenerator[Recorded, None]
    position: int
    folded: int = 0
    gap: int = 0
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    frames: int = 0

    async def step(self) -> None:
        frame = await anext(self.stream)
        self.frames += 1
        match frame.event:
            case StreamGap(missing_from=first, missing_to=last, resume_at=resume_at):
                assert (first, frame.from_seq) == (self.position + 1, self.position + 1)
                assert last == resume_at == frame.seq
                assert self.position < last <= self.model.trimmed
                self.gap = frame.seq
            case Snapshot() as snapshot:
                self.check_snapshot(frame, snapshot)
            case _:
                assert not self.gap
                assert frame.from_seq == self.position + 1
                self.check_stored(frame)
                self.position = frame.seq

    def check_snapshot(self, frame: Recorded, snapshot: Snapshot) -> None:
        if self.gap:
            assert frame.seq == self.gap
        elif self.frames == 1:
            assert frame.seq == self.model.last_open_seq
        else:
            assert frame.seq == self.position + 1
            retraction = self.model.events[frame.seq - 1]
            assert isinstance(retraction, OutputRetracted)
            assert retraction.from_seq <= self.folded
        assert frame.from_seq == 1
        assert snapshot == self.model.fold(frame.seq).snapshot()
        self.gap, self.position, self.folded = 0, frame.seq, frame.seq
        self.texts = [(0, 0, snapshot.text)]

    def check_stored(self, frame: Recorded) -> None:
        stood_for = self.model.events[frame.from_seq - 1 : frame.seq]
        match frame.event:
            case Output(text=text, block=block):
                outputs = [event for event in stood_for if isinstance(event, Output)]
                assert len(outputs) == len(stood_for)
                assert {output.block for output in outputs} == {block}
                assert "".join(output.text for output in outputs) == text
                self.texts.append((frame.from_seq, frame.seq, text))
            case OutputRetracted(from_seq=from_seq):
                assert stood_for == [frame.event]
                assert all(first >= from_seq or last < from_seq for first, last, _ in self.texts)
                self.texts = [entry for entry in self.texts if entry[0] < from_seq]
            case _:
                assert stood_for == [frame.event]

    @property
    def text(self) -> str:
        return "".join(text for _, _, text in self.texts)


@dataclass
class History:
    """One generation, its model and its readers."""

    log: ObservableLog
    generation_id: str
    writer: Writer
    model: Model = field(default_factory=Model)
    clients: list[Client] = field(default_factory=list)

    async def run(self, choice: int, number: int) -> None:
        end = len(self.model.events)
        match choice:
            case 0 | 1:
                await self.writer.append(
                    *(self.model.event((number >> index) % 12) for index in range(1 + number % 40))
                )
            case 2 | 3:
                await self.open_reader(number)
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

    async def open_reader(self, number: int) -> None:
        after, snapshot = number // 2 % (len(self.model.events) + 1), number % 2 == 1
        stream = self.log.read(self.generation_id, after, snapshot=snapshot)
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


class EventLogModelContract:
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
        for choice, number in steps:
            await history.run(choice, number)
        await history.finish()
