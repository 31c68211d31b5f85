"""What the users of a random sequence have before it begins."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import anyio

from adapters.mirror.mirror import GitMirror
from adapters.server.settings import Settings
from adapters.stores.embedded.store import EmbeddedStore
from schema.execution import Stream
from schema.models import GenerationStatus, Plan, Project, Route
from tests.adapters.mirror.bundles import Source, pieces
from tests.contracts.records import AT, a_generation
from tests.legacy.http_model import KnownJob, KnownProject, World
from tests.resolvers.scripted_execution import ScriptedExecution

_SAVED: Final = {
    "active": GenerationStatus.PENDING,
    "completed": GenerationStatus.COMPLETED,
}


def a_world(random: Random) -> World:
    """Two users with two projects each, one with a game; the first one's job is running."""
    world = World((_uuid(random), _uuid(random)))
    for user, status in zip(world.users, _SAVED, strict=True):
        for has_game in (True, False):
            secret = f"{random.getrandbits(64):016x}"
            page = f"<head></head>{secret}".encode() if has_game else None
            project = KnownProject(_uuid(random), user, secret, page)
            world.projects[project.id] = project
        job = KnownJob(_uuid(random), user, project.id, status)
        world.jobs[job.id] = job
    return world


async def seed_worlds(
    settings: Settings, execution: ScriptedExecution, directory: Path, worlds: Iterable[World]
) -> None:
    """Put them where the gateway will find them. Runs of active jobs have begun to speak."""
    mirror = GitMirror.open(settings.gateway_dir / "mirror")
    async with EmbeddedStore.open(settings.gateway_dir / "store.db") as store:
        for world in worlds:
            for known in world.projects.values():
                project = Project(known.id, known.owner, known.name, AT, AT)
                await store.create_project(project)
                if known.page is not None:
                    await _publish(mirror, directory / known.id, known)
            for job in world.jobs.values():
                project = Project(job.project, job.owner, "", AT, AT)
                made = a_generation(project, id=job.id, status=_SAVED[job.status])
                await store.create_generation(replace(made, plan=Plan(Route.RUN, "a game")))
                if job.status == "active":
                    execution.say(job.id, Stream("…", 1))


async def _publish(mirror: GitMirror, directory: Path, project: KnownProject) -> None:
    source = Source(directory)
    version = await anyio.to_thread.run_sync(source.commit, {"index.html": project.page or b""})
    bundle = await anyio.to_thread.run_sync(source.bundle)
    await mirror.receive(project.id, version, pieces(bundle))


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
