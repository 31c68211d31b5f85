"""Added latency: from an event being written upstream to its watcher having read it."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, Part
from benchmarks.load import RATE, through_gateway
from benchmarks.processes import gateway, upstream

SECONDS: Final = 5.0
GENERATIONS: Final = (1, 20, 50)
MEDIAN_MILLISECONDS: Final = 3.0
TAIL_MILLISECONDS: Final = 25.0


async def measure(directory: Path) -> AsyncGenerator[Figure, None]:
    """Median and tails at several loads, the log in the path."""
    with upstream() as execution, gateway(directory / "latency", execution) as server:
        for generations in GENERATIONS:
            delivered = await through_gateway(server, directory / "latency", generations, SECONDS)
            load = f"{generations} × {RATE:.0f} events/s"
            for percent, aim in ((50, MEDIAN_MILLISECONDS), (99, TAIL_MILLISECONDS)):
                name = f"{load}, p{percent}"
                yield Figure(Part.LATENCY, name, delivered.percentile(percent), "ms", aim)
            yield Figure(Part.LATENCY, f"{load}, worst", max(delivered.latencies), "ms")
