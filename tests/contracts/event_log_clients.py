"""How the suites of the event log write and read: small, and for any implementation."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import pairwise
from typing import Protocol

from schema.events import Event, Output, Recorded
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
