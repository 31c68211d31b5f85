"""The simplest log there is, a list, and a client that checks every frame against it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

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
