"""Time from the command to the first answer."""

from collections.abc import AsyncGenerator
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.figures import Figure, Part
from benchmarks.processes import Running, gateway, upstream

STARTS: Final = 5
SECONDS: Final = 1.5


async def measure(directory: Path) -> AsyncGenerator[Figure, None]:
    """`dreamcore serve` until `/api/health` answers, in a fresh data directory every time."""
    alone = []
    with upstream() as execution:
        for index in range(STARTS):
            alone.append(_seconds(directory / f"startup-{index}", execution))
    whole = [_seconds(directory / f"startup-local-{index}", None) for index in range(STARTS)]
    yield Figure(Part.STARTUP, "execution on Modal, median", median(alone), "s", SECONDS)
    yield Figure(Part.STARTUP, "execution on this machine, median", median(whole), "s", SECONDS)


def _seconds(data_dir: Path, execution: Running | None) -> float:
    with gateway(data_dir, execution) as server:
        return server.ready_after
