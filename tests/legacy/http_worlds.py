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
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from schema.assets import Asset, key_of
from schema.execution import Stream
from schema.models import GenerationStatus, Plan, Project, Route
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.assets.forms import PNG
from tests.contracts.records import AT, a_generation, later
from tests.legacy.http_model import KnownAsset, KnownJob, KnownProject, World
from tests.resolvers.scripted_execution import ScriptedExecution

_SAVED: Final = {
    "active": GenerationStatus.PENDING,
    "completed": GenerationStatus.COMPLETED,
}


def a_world(random: Random) -> World:
    """Two users, each with two projects, one with a game, with a public and a private asset, and
    with a job: the first one's is running."""
    world = World((_uuid(random), _uuid(random)))
    for user, status in zip(world.users, _SAVED, strict=True):
        for has_game in (True, False):
            secret = f"{random.getrandbits(64):016x}"
            page = f"<head></head>{secret}".encode() if has_game else None
            project = KnownProject(_uuid(random), user, secret, page)
            world.projects[project.id] = project
        for public in (True, False):
            asset = _asset(random, user, public=public)
            world.assets[asset.id] = asset
        job = KnownJob(_uuid(random), user, project.id, status)
        world.jobs[job.id] = job
    return world


async def seed_worlds(
    directory: Path, worlds: Iterable[World], settings: Settings, execution: ScriptedExecution
) -> None:
    """Put them where the gateway will find them. Runs of active jobs have begun to speak."""
    mirror = GitMirror.open(settings.gateway_dir / "mirror")
    storage = await DirectoryStorage.open(settings.gateway_dir / "objects")
    async with EmbeddedStore.open(settings.gateway_dir / "store.db") as store:
        for world in worlds:
            for number, known in enumerate(world.assets.values()):
                asset = replace(_row(known), created_at=later(number))
                await store.assets.add_asset(asset, [asset.alias])
                await storage.write(key_of(asset), known.data)
            for owned in world.projects.values():
                await store.create_project(Project(owned.id, owned.owner, owned.name, AT, AT))
                if owned.page is not None:
                    await _publish(mirror, directory / owned.id, owned)
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


def _asset(random: Random, owner: str, *, public: bool) -> KnownAsset:
    secret = f"{random.getrandbits(64):016x}"
    alias, stored = f"{secret}.png", f"{secret}_0.png"
    return KnownAsset(
        _uuid(random), owner, alias, alias, stored, PNG + secret.encode(), secret, public=public
    )


def _row(asset: KnownAsset) -> Asset:
    return Asset(
        id=asset.id,
        owner_id=asset.owner,
        alias=asset.alias,
        filename=asset.stored,
        original_name=asset.shown,
        mime_type="image/png",
        size=len(asset.data),
        hash="0" * 64,
        created_at=AT,
        is_public=asset.public,
    )


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
