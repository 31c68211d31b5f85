"""Use cases over the real embedded log and store; only execution is scripted."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.providers.pictures import PillowPictures
from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.slots import EmbeddedSlots
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.assets import AssetUseCases
from resolvers.engine import Engine, running_engine
from resolvers.generations import GenerationUseCases
from resolvers.illustration import Illustration
from resolvers.pipeline import Pipeline, Ports
from resolvers.projects import ProjectUseCases
from resolvers.publishing import PublishingUseCases
from schema.errors import ErrorCode
from schema.events import Recorded
from schema.models import Generation, GenerationStatus, Project, StartGeneration, Viewer
from schema.object_storage import ObjectStorage
from schema.providers import Providers
from tests.resolvers.in_memory_mirror import InMemoryMirror
from tests.resolvers.scripted_execution import ScriptedExecution

ALICE = Viewer("11111111-1111-4111-8111-111111111111", "alice@example.com")
BOB = Viewer("22222222-2222-4222-8222-222222222222", "bob@example.com")


class CountedMetrics:
    """Implements `schema.ports.Metrics`."""

    def __init__(self) -> None:
        self.started = 0
        self.ended: list[tuple[GenerationStatus, ErrorCode | None]] = []
        self.appended = 0

    def generation_started(self) -> None:
        self.started += 1

    def generation_ended(self, status: GenerationStatus, code: ErrorCode | None) -> None:
        self.ended.append((status, code))

    def events_appended(self, count: int) -> None:
        self.appended += count


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Stage:
    """The parts that outlive a gateway process, and the means to start one."""

    log: EmbeddedLog
    store: EmbeddedStore
    execution: ScriptedExecution
    mirror: InMemoryMirror
    metrics: CountedMetrics
    storage: ObjectStorage
    illustration: Illustration | None = None

    @asynccontextmanager
    async def gateway(self, deadline: float = 60.0) -> AsyncGenerator["Play", None]:
        """One gateway process: leaving it is a shutdown in the middle of whatever runs."""
        slots = EmbeddedSlots()
        pipeline = Pipeline(
            self.store, self.mirror, self.execution, self.store.assets, now, self.illustration
        )
        ports = Ports(self.log, self.execution, self.store, self.metrics, pipeline)
        async with running_engine(ports, slots, deadline=deadline) as engine:
            publishing = PublishingUseCases(
                self.store,
                self.store.drafts,
                self.store.assets,
                self.storage,
                self.mirror,
                self.execution,
                PillowPictures(),
                Providers(),
            )
            projects = ProjectUseCases(
                self.store, self.mirror, self.execution, engine, publishing, now
            )
            generations = GenerationUseCases(self.store, self.log, slots, engine, pipeline, now)
            assets = AssetUseCases(self.store, self.store.assets, self.storage, now)
            yield Play(self, engine, projects, generations, assets, publishing)


@dataclass(slots=True)
class Play:
    """A running gateway without its protocols."""

    stage: Stage
    engine: Engine
    projects: ProjectUseCases
    generations: GenerationUseCases
    assets: AssetUseCases
    publishing: PublishingUseCases

    async def project(self, viewer: Viewer = ALICE) -> Project:
        return await self.projects.create(viewer, "Game")

    async def start(
        self, message: str = "a game", *, viewer: Viewer = ALICE, key: str | None = None
    ) -> Generation:
        project = await self.project(viewer)
        command = StartGeneration(
            project.id, message, skip_style_selection=True, idempotency_key=key
        )
        return (await self.generations.start(viewer, command)).generation

    async def events(
        self, generation: Generation, *, after: int = 0, count: int | None = None
    ) -> list[Recorded]:
        """The log from a position to the end, or the next `count` entries."""
        found: list[Recorded] = []
        async with asyncio.timeout(60), aclosing(self.stage.log.read(generation.id, after)) as log:
            async for recorded in log:
                found.append(recorded)
                if len(found) == count:
                    break
        return found


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage, None]:
    async with (
        EmbeddedLog.open(tmp_path / "log.db") as log,
        EmbeddedStore.open(tmp_path / "store.db") as store,
    ):
        storage = await DirectoryStorage.open(tmp_path / "objects")
        mirror, metrics = InMemoryMirror(), CountedMetrics()
        yield Stage(log, store, ScriptedExecution(), mirror, metrics, storage)


@pytest.fixture
async def play(stage: Stage) -> AsyncGenerator[Play, None]:
    async with stage.gateway() as play:
        yield play
