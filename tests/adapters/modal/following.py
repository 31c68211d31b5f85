"""Driving the client: a run against a scripted server, without waiting between attempts."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from adapters.modal.channel import Limits, http_client
from adapters.modal.client import ModalExecution
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import Positioned, RunRequest, Stream
from tests.adapters.modal.fake_execution import Answer, FakeExecution, serving

RUN_ID = "3f0c1c9a-0000-4000-8000-00000000000a"
REQUEST = RunRequest("u", "p", RUN_ID, "a maze")
SECRET = "shared-secret"
PATIENT = Limits(attempts=3)


@dataclass(slots=True)
class Pauses:
    """Takes the place of the clock between attempts."""

    asked: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """A client and the server it speaks to."""

    fake: FakeExecution
    client: ModalExecution
    pauses: Pauses

    async def run(self, after: str | None = None) -> list[Positioned]:
        async with asyncio.timeout(60):
            return await collect(self.client.run(REQUEST, after=after))

    async def attach(self, after: str | None = None) -> list[Positioned]:
        async with asyncio.timeout(60):
            return await collect(self.client.attach(RUN_ID, after=after))


@asynccontextmanager
async def bench(*answers: Answer, limits: Limits = PATIENT) -> AsyncGenerator[Bench, None]:
    pauses = Pauses()
    async with serving(*answers) as fake, http_client(loopback=True) as http:
        client = ModalExecution(http, lambda: fake.endpoint, SECRET, limits=limits, sleep=pauses)
        yield Bench(fake, client, pauses)


async def collect(stream: AsyncGenerator[Positioned, None]) -> list[Positioned]:
    async with aclosing(stream) as events:
        return [event async for event in events]


def texts(events: list[Positioned]) -> list[str]:
    """The texts of the streamed events, and the type of the terminal one."""
    return [
        each.event.content if isinstance(each.event, Stream) else type(each.event).__name__
        for each in events
    ]


class Failure:
    """Expects a `DreamCoreError` with one code: `with Failure(code): …`."""

    def __init__(self, code: ErrorCode) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        assert isinstance(error, DreamCoreError), f"raised {error!r}"
        assert error.code is self.code
        return True
