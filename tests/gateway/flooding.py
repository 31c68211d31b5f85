"""Starting a flooded gateway, ordering floods and measuring it."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import psutil

from adapters.stores.embedded.log import EmbeddedLog
from schema.events import Recorded
from tests.gateway.client import GatewayClient

ROOT = Path(__file__).parents[2]
MEBIBYTE = 2**20


@dataclass(slots=True)
class FloodedGateway(GatewayClient):
    """A gateway process; its execution says what is ordered."""

    process: asyncio.subprocess.Process

    def order(self, *words: object) -> None:
        """One line of `tests/gateway/flooded_gateway`."""
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, words)).encode() + b"\n")

    async def objects(self) -> int:
        """How many objects the process holds."""
        self.order("objects")
        count: int = await _line(self.process)
        return count

    @property
    def memory(self) -> int:
        """Resident memory of the process, in bytes."""
        resident: int = psutil.Process(self.process.pid).memory_info().rss
        return resident


@asynccontextmanager
async def flooded_gateway(data_dir: Path) -> AsyncGenerator[FloodedGateway, None]:
    """A gateway for the block; it ends in order, and its errors fail the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.gateway.flooded_gateway", str(data_dir)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        with anyio.fail_after(60):
            where = await _line(process)
        async with httpx.AsyncClient(base_url=where["url"], timeout=30) as http:
            yield FloodedGateway(where["url"], where["token"], http, process)
        with anyio.fail_after(60):
            _, complaints = await process.communicate(b"")
        assert (process.returncode, complaints) == (0, b"")
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def logged(data_dir: Path, generation_id: str) -> list[Recorded]:
    """What the log of a gateway that has ended holds of a generation."""
    found: list[Recorded] = []
    async with EmbeddedLog.open(data_dir / "gateway" / "log.db") as log:
        while page := await log.page(generation_id, found[-1].seq if found else 0, 1_000):
            found += page
    return found


async def _line(process: asyncio.subprocess.Process) -> Any:
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())
