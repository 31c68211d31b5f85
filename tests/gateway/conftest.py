"""A composed gateway on a real socket; behind it, execution that a test drives."""

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import anyio
import httpx
import pytest

from adapters.server.serving import Serving, serving
from adapters.server.settings import Settings
from schema.events import Recorded
from schema.execution import Done, Stream
from schema.execution_port import Execution
from schema.identifiers import random_uuid
from schema.ports import EventLog
from tests.gateway.agreement import assert_agrees
from tests.gateway.client import GatewayClient
from tests.gateway.watchers import WATCHERS, Payload
from tests.resolvers.scripted_execution import ScriptedExecution

BOB = "22222222-2222-4222-8222-222222222222"


@dataclass(slots=True)
class Scene(GatewayClient):
    """A gateway, as its clients see it, and the two ends that they do not see."""

    serving: Serving
    execution: ScriptedExecution
    data_dir: Path

    @property
    def log(self) -> EventLog:
        return self.serving.gateway.log

    def token_of(self, user_id: str, lifetime: timedelta = timedelta(hours=1)) -> str:
        assert self.serving.gateway.issuer is not None
        return self.serving.gateway.issuer.issue(user_id, None, lifetime)

    async def stored(self, generation_id: str, after: int = 0) -> list[Recorded]:
        """The log of a generation that has ended."""
        async with aclosing(self.log.read(generation_id, after)) as entries:
            read = [entry async for entry in entries]
        found: list[Recorded] = []
        while not found or found[-1].seq < read[-1].seq:
            found += await self.log.page(generation_id, found[-1].seq if found else after, 500)
        return found


async def collect(stream: AsyncGenerator[Payload, None], count: int | None = None) -> list[Payload]:
    """What arrives until the stream completes, or its first `count` events."""
    received: list[Payload] = []
    async with aclosing(stream):
        async for payload in stream:
            received.append(payload)
            if len(received) == count:
                break
    return received


@asynccontextmanager
async def open_scene(data_dir: Path) -> AsyncGenerator[Scene, None]:
    execution = ScriptedExecution()

    async def connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        return execution

    settings = Settings(port=0, data_dir=data_dir)
    async with (
        serving(settings, connect) as running,
        httpx.AsyncClient(base_url=running.url, timeout=30) as http,
    ):
        assert running.token is not None
        yield Scene(running.url, running.token, http, running, execution, data_dir)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene, None]:
    async with open_scene(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
async def lasting_scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Scene, None]:
    """One gateway for every test of a module: it must outlive what they do to it."""
    async with open_scene(tmp_path_factory.mktemp("gateway")) as opened:
        yield opened


@pytest.fixture
async def bystanders(
    lasting_scene: Scene, caplog: pytest.LogCaptureFixture
) -> AsyncGenerator[None, None]:
    """Somebody watches on every transport during the test, and misses nothing; the log, which
    operators read, shows no error and no traceback."""
    caplog.set_level(logging.INFO)
    token = lasting_scene.token_of(random_uuid())
    generation = await lasting_scene.start(token=token)
    async with AsyncExitStack() as stack:
        streams = [lasting_scene.watcher(name, token).watch(generation) for name in WATCHERS]
        for stream in streams:
            await stack.enter_async_context(aclosing(stream))
        received = [[await anext(stream)] for stream in streams]
        yield
        lasting_scene.execution.say(generation, Stream("unharmed"), Done())
        with anyio.fail_after(60):
            for stream, before in zip(streams, received, strict=True):
                before += [event async for event in stream]
    stored = await lasting_scene.stored(generation)
    for events in received:
        assert_agrees(events, stored)
    for record in caplog.get_records("call"):
        assert record.levelno < logging.ERROR, record.getMessage()
        assert record.exc_info is None
