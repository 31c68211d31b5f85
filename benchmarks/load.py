"""Generations that stream at a pace, each with one watcher, and what came of them."""

import asyncio
import gc
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

import msgspec

from benchmarks.client import Frame, Watched, sent_at, start, watch
from benchmarks.processes import Running
from benchmarks.upstream import Pace

RATE: Final = 50.0
SETTLE_SECONDS: Final = 1.5
MARGIN_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Delivered:
    """What watchers received in a window of time.

    `latencies` are milliseconds, one for each event: from being written upstream to being read
    by the watcher. `cpu` is the processor time of the server, in seconds.
    """

    latencies: Sequence[float]
    frames: int
    cpu: float

    @property
    def per_cpu_second(self) -> float:
        """Events delivered for one second of the server's processor time."""
        return len(self.latencies) / self.cpu

    def percentile(self, percent: int) -> float:
        """A latency in milliseconds."""
        return quantiles(self.latencies, n=100)[percent - 1]


def paces(generations: int, seconds: float) -> list[Pace]:
    """Even streams that begin at different moments, as streams of different users do."""
    duration = SETTLE_SECONDS + seconds + 2 * MARGIN_SECONDS
    gap = 1 / RATE / generations
    return [Pace(RATE, duration, SETTLE_SECONDS + index * gap) for index in range(generations)]


async def through_gateway(
    server: Running, data_dir: Path, generations: int, seconds: float
) -> Delivered:
    """Streams of an execution endpoint, through the gateway and its log."""
    return await _measure(
        server, await start(server, data_dir, paces(generations, seconds)), seconds
    )


async def through_plain(server: Running, generations: int, seconds: float) -> Delivered:
    """The same streams, through plain Strawberry."""
    watched = [
        Watched(msgspec.json.encode(pace).decode(), "") for pace in paces(generations, seconds)
    ]
    return await _measure(server, watched, seconds)


async def _measure(server: Running, watched: Sequence[Watched], seconds: float) -> Delivered:
    with _without_collector():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(watch(server, each)) for each in watched]
            # Streams have a settling time; the window opens when all of them flow.
            await asyncio.sleep(2 * SETTLE_SECONDS)
            begin, cpu = time.monotonic_ns(), server.cpu_seconds()
            await asyncio.sleep(seconds)
            end, cpu = time.monotonic_ns(), server.cpu_seconds() - cpu
        frames = [frame for task in tasks for frame in task.result() if begin <= frame.at < end]
    return Delivered(_latencies(frames), len(frames), cpu)


def _latencies(frames: Sequence[Frame]) -> list[float]:
    found = [(frame.at - sent) / 1e6 for frame in frames for sent in sent_at(frame)]
    if not found:
        raise RuntimeError("nothing was delivered")
    return found


@contextmanager
def _without_collector() -> Generator[None, None, None]:
    """The pauses of the measuring process are not the server's."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
