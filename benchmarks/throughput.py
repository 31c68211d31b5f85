"""Events delivered for one second of processor time, beside plain Strawberry without a log."""

from collections.abc import AsyncGenerator
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.figures import Figure, Part
from benchmarks.load import RATE, through_gateway, through_plain
from benchmarks.processes import gateway, plain, upstream

SECONDS: Final = 4.0
GENERATIONS: Final = 50
ROUNDS: Final = 3


async def measure(directory: Path) -> AsyncGenerator[Figure, None]:
    """They take turns, so that what else the machine does falls on each alike."""
    data_dir = directory / "throughput"
    rounds = []
    with (
        upstream() as execution,
        gateway(data_dir, execution) as server,
        plain(execution) as relaying,
        plain() as generating,
    ):
        for _ in range(ROUNDS):
            turns = (
                await through_gateway(server, data_dir, GENERATIONS, SECONDS),
                await through_plain(relaying, GENERATIONS, SECONDS),
                await through_plain(generating, GENERATIONS, SECONDS),
            )
            rounds.append([delivered.per_cpu_second for delivered in turns])
    ours, relayed, made = (median(rates) for rates in zip(*rounds, strict=True))
    load = f"{GENERATIONS} × {RATE:.0f} events/s"
    unit = "events per CPU second"
    yield Figure(Part.THROUGHPUT, f"{load}, gateway", ours, unit)
    yield Figure(Part.THROUGHPUT, f"{load}, plain relay of the same upstream", relayed, unit)
    yield Figure(Part.THROUGHPUT, f"{load}, plain, events made in its memory", made, unit)
    yield Figure(Part.THROUGHPUT, "gateway / plain relay", ours / relayed, "×", at_least=1.0)
    yield Figure(Part.THROUGHPUT, "gateway / plain in memory", ours / made, "×")
