"""2,400 random requests, in sequences, against a reference model of what exists."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Final

import anyio
import psutil
import pytest

from tests.legacy import http_asset_requests as assets
from tests.legacy import http_project_requests as projects
from tests.legacy.http_model import World
from tests.legacy.http_rules import check_expected, check_form, check_hidden, strange, varied
from tests.legacy.http_stand import Stand, open_stand
from tests.legacy.http_visitor import Asked, Visitor
from tests.legacy.http_worlds import a_world, seed_worlds

SHARDS: Final = 4
SEQUENCES: Final = 24
"""Of a shard."""
STEPS: Final = 25
AT_A_TIME: Final = 3
KINDS: Final = {
    projects.projects: 5,
    projects.jobs: 2,
    projects.games: 4,
    projects.pages: 1,
    assets.upload: 5,
    assets.library: 2,
    assets.file: 4,
    assets.manage: 5,
}


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_random_requests_are_answered_as_the_model_says(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, shard: int
) -> None:
    process, tasks = psutil.Process(), asyncio.all_tasks()
    seeds = range(shard * SEQUENCES, (shard + 1) * SEQUENCES)
    worlds = {seed: a_world(Random(seed)) for seed in seeds}
    async with _stand(tmp_path, worlds) as stand:

        async def sequences(first: int) -> None:
            for seed in seeds[first::AT_A_TIME]:
                await _sequence(stand, seed, worlds[seed])

        async with asyncio.TaskGroup() as group:
            for first in range(AT_A_TIME):
                group.create_task(sequences(first))
        with anyio.fail_after(2):
            assert (await stand.send("GET", "/api/health")).status == 200
        kept = [asset for world in worlds.values() for asset in world.assets.values()]
        assert stand.stored_files() == {f"users/{a.owner}/assets/{a.stored}" for a in kept}
    assert asyncio.all_tasks() == tasks
    assert not [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]


async def _sequence(stand: Stand, seed: int, world: World) -> None:
    visitor = Visitor(Random(-seed - 1), world, stand.token)
    for step in range(STEPS):
        with _told(f"seed {seed}, step {step}"):
            await _step(stand, visitor)


async def _step(stand: Stand, visitor: Visitor) -> None:
    random = visitor.random
    (make,) = random.choices([*KINDS], [*KINDS.values()])
    asked, form = make(visitor), random.random()
    if form < 0.12:
        asked = varied(random, asked)
    elif form < 0.2:
        asked = strange(random, asked)
    with _told(f"{asked.method} {asked.target[:300]} {asked.headers} {asked.body[:300]!r}"):
        await _exchange(stand, visitor.world, asked)
        if asked.learn is None and random.random() < 0.1:
            await _exchange(stand, visitor.world, asked)


async def _exchange(stand: Stand, world: World, asked: Asked) -> None:
    reply = await stand.send(asked.method, asked.target, asked.headers, asked.body)
    with _told(f"answered {reply.status} {reply.headers} {reply.body[:300]!r}"):
        check_form(reply)
        check_hidden(world.hidden(asked.viewer, f"{asked.target} {asked.body!r}"), reply)
        if asked.expected is not None:
            check_expected(asked.expected, reply)
        if asked.learn is not None:
            asked.learn(reply)


@asynccontextmanager
async def _stand(directory: Path, worlds: dict[int, World]) -> AsyncGenerator[Stand, None]:
    async with open_stand(
        directory, lambda settings: seed_worlds(settings, directory, worlds.values())
    ) as stand:
        yield stand


@contextmanager
def _told(what: str) -> Generator[None, None, None]:
    """A failure says this of itself."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(what)
        raise
