"""A gateway that speaks the legacy protocol and GraphQL on one real socket.

Log, store, engine, pipeline and tokens are real. Execution says what a test tells it to, the
mirror can be held up, and the clock can be moved.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import (
    AbstractAsyncContextManager,
    aclosing,
    asynccontextmanager,
)
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys
from adapters.auth.verifier import TokenVerifier
from adapters.graphql.drain import Drain
from adapters.legacy.application import LegacySocket
from adapters.legacy.ports import Limits
from adapters.server.server import Server
from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.assets import AssetUseCases
from resolvers.illustration import Illustration
from schema.events import Recorded
from schema.execution import Done, Stream
from schema.mirror import VersionRecord
from schema.providers import ImageGeneration
from tests.adapters.legacy.held_mirror import HeldMirror
from tests.adapters.legacy.serving import application, graphql_of, serving
from tests.gateway.client import GatewayClient
from tests.gateway.legacy_watcher import Browser, Frame, open_browser
from tests.resolvers.conftest import CountedMetrics, Play, Stage, now
from tests.resolvers.scripted_execution import Run, ScriptedExecution

ALICE = "11111111-1111-4111-8111-111111111111"
BOB = "22222222-2222-4222-8222-222222222222"
VERSION = "b" * 40
Journals = defaultdict[str, Run]


@dataclass(slots=True)
class Clock:
    """The present, which a test may move on."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass(slots=True)
class Stand:
    """The gateway as browsers see it, and the ends that they do not see."""

    url: str
    issuer: EmbeddedIssuer
    clock: Clock
    stage: Stage
    play: Play
    server: Server
    mirror: HeldMirror = field(default_factory=HeldMirror)

    @property
    def execution(self) -> ScriptedExecution:
        return self.stage.execution

    def token_of(self, user_id: str = ALICE, lifetime: timedelta = timedelta(hours=1)) -> str:
        return self.issuer.issue(user_id, "somebody@example.com", lifetime)

    def browser(self, user_id: str = ALICE) -> AbstractAsyncContextManager[Browser]:
        """A socket of the user, introduced."""
        return open_browser(self.url, self.token_of(user_id))

    @asynccontextmanager
    async def typed_client(self) -> AsyncGenerator[GatewayClient, None]:
        """A GraphQL client of Alice."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as http:
            yield GatewayClient(self.url, self.token_of(), http)

    def finish(self, job_id: str, text: str = "作成しました") -> None:
        """Let a run make the project's first version."""
        self.execution.say(job_id, Stream(text, 1), Done(text, version=VERSION, created=True))

    async def stored(self, job_id: str) -> list[Recorded]:
        """The log of a job, up to its end."""
        async with asyncio.timeout(60), aclosing(self.stage.log.read(job_id)) as entries:
            async for entry in entries:
                last = entry.seq
        return await self.stage.log.page(job_id, 0, last)


@asynccontextmanager
async def open_stand(
    directory: Path,
    limits: Limits | None = None,
    *,
    deadline: float = 60.0,
    painter: ImageGeneration | None = None,
    journals: Journals | None = None,
) -> AsyncGenerator[Stand, None]:
    """A gateway for the block; `deadline` (seconds) is that of its jobs, `journals` hold the runs
    that execution knows from an earlier one."""
    clock, drain, mirror = Clock(), Drain(), HeldMirror()
    issuer = EmbeddedIssuer.open(directory / "issuer")
    identity = TokenVerifier(LocalKeys(issuer), issuer.issuer)
    async with (
        EmbeddedLog.open(directory / "log.db") as log,
        EmbeddedStore.open(directory / "store.db") as store,
    ):
        storage = await DirectoryStorage.open(directory / "objects")
        execution = ScriptedExecution()
        execution.journals = journals or execution.journals
        stage = Stage(log, store, execution, mirror, CountedMetrics(), storage)
        if painter is not None:
            assets = AssetUseCases(store, store.assets, storage, now)
            stage.illustration = Illustration(painter, assets, stage.execution, mirror)
        async with stage.gateway(deadline) as play:
            legacy = LegacySocket(
                identity,
                play.projects,
                play.generations,
                drain=drain,
                style_images=picture_of,
                limits=limits,
                clock=clock,
            )
            app = application(legacy, graphql_of(play, identity, drain))
            async with serving(app, drain) as (url, server):
                try:
                    yield Stand(url, issuer, clock, stage, play, server, mirror)
                finally:
                    mirror.free.set()


def picture_of(dimension: str, preset_id: str) -> str | None:
    """Only two presets have a picture."""
    folder = {("2d", "retro"): "action", ("2d", "neon"): "racing"}.get((dimension, preset_id))
    return f"/images/styles/{dimension}/{folder}/{preset_id}.webp" if folder else None


async def new_project(browser: Browser, name: str = "新しいゲーム") -> str:
    """The id of a new project, which is the current one then."""
    created = await browser.ask(type="createProject", name=name)
    project_id: str = created["project"]["id"]
    return project_id


async def begun(browser: Browser, content: str = "2Dで宇宙ゲームを作って") -> Frame:
    """The row of a job that a message in the current project started."""
    started = await browser.ask(type="message", content=content, skipStyleSelection=True)
    assert started["type"] == "jobStarted", started
    row: Frame = started["job"]
    return row


def commit(subject: str, letter: str = "a") -> VersionRecord:
    """A version of 2026-01-27."""
    return VersionRecord(letter * 40, subject, datetime(2026, 1, 27, 3, 12, 30, tzinfo=UTC))
