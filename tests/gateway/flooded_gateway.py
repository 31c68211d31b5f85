"""A gateway in a process of its own, so that its memory can be measured.

Its execution says what standard input orders, one order a line: `output COUNT SIZE`,
`status COUNT`, `done`. `objects` is answered with the number of objects the collector tracks.
"""

import asyncio
import gc
import json
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from adapters.server.serving import serving
from adapters.server.settings import Settings
from schema.execution import Done, ExecutionEvent, Positioned, RunRequest, Status, Stream
from schema.execution_port import Execution
from tests.resolvers.scripted_execution import ScriptedExecution


class OrderedExecution(ScriptedExecution):
    """Says what is ordered, and keeps nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: asyncio.Queue[list[str]] = asyncio.Queue()

    async def run(
        self, request: RunRequest, *, after: str | None = None
    ) -> AsyncGenerator[Positioned, None]:
        position = 0
        while True:
            for event in _events(*await self.orders.get()):
                position += 1
                yield Positioned(str(position), event)
                if isinstance(event, Done):
                    return


def _events(kind: str, count: str = "1", size: str = "0") -> Iterator[ExecutionEvent]:
    for number in range(int(count)):
        match kind:
            case "output":
                yield Stream(f"{number:<{size}}", block=1)
            case "status":
                yield Status(f"step {number}")
            case "done":
                yield Done("finished")


async def main(data_dir: Path) -> None:
    """Serve until standard input ends; the first line of output says where."""
    execution = OrderedExecution()

    async def connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        return execution

    async with serving(Settings(port=0, data_dir=data_dir), connect) as running:
        _say({"url": running.url, "token": running.token})
        orders = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
        )
        async for line in orders:
            order = line.decode().split()
            if order == ["objects"]:
                gc.collect()
                _say(len(gc.get_objects()))
            else:
                execution.orders.put_nowait(order)


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
