"""Some 2,500 random requests, in sequences, against a reference model of what exists."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import anyio
import psutil
import pytest

from tests.legacy import http_asset_requests as assets
from tests.legacy import http_project_requests as projects
from tests.legacy import http_publish_requests as publishing
from tests.legacy import http_upload_requests as uploads
from tests.legacy.http_checks import check_expected, check_form, check_hidden, strange, varied
from tests.legacy.http_model import World
from tests.legacy.http_stand import Stand, open_stand
from tests.legacy.http_visitor import Asked, Visitor
from tests.legacy.http_worlds import a_world, seed_worlds

SHARDS: Final = 4
SEQUENCES: Final = 24
"""Of a shard."""
STEPS: Final = 26
AT_A_TIME: Final = 3
KINDS: Final = {
    projects.projects: 5,
    projects.jobs: 2,
    projects.games: 4,
    projects.pages: 1,
    uploads.upload: 5,
    assets.library: 2,
    assets.file: 4,
    assets.manage: 5,
    publishing.drafts: 4,
    publishing.publishing: 4,
    publishing.pictures: 1,
}


@pytest.mark.rule("http.isolation", "http.crashes", "http.guard.order", "http.error.inside")
@pytest.mark.parametrize("shard", range(SHARDS))
async def test_random_requests_are_answered_as_the_model_says(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, shard: int
) -> None:
    files, tasks = psutil.Process().num_fds(), asyncio.all_tasks()
    seeds = range(shard * SEQUENCES, (shard + 1) * SEQUENCES)
    worlds = {seed: a_world(Random(f"world of {seed}")) for seed in seeds}
    async with open_stand(tmp_path, partial(seed_worlds, tmp_path, worlds.values())) as stand:

        async def sequences(first: int) -> None:
            for seed in seeds[first::AT_A_TIME]:
                await _sequence(stand, seed, worlds[seed])

        async with asyncio.TaskGroup() as group:
            for first in range(AT_A_TIME):
                group.create_task(sequences(first))
        with anyio.fail_after(60):
            assert (await stand.send("GET", "/api/health")).status == 200
        assert stand.stored_files() == {key for world in worlds.values() for key in world.files()}
    assert psutil.Process().num_fds() <= files
    assert asyncio.all_tasks() == tasks
    assert not [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]


async def _sequence(stand: Stand, seed: int, world: World) -> None:
    visitor = Visitor(Random(f"requests of {seed}"), world, stand.token)
    for step in range(STEPS):
        with _told(f"seed {seed}, step {step}"):
            await _step(stand, visitor)


async def _step(stand: Stand, visitor: Visitor) -> None:
    random = visitor.random
    (make,) = random.choices([*KINDS], [*KINDS.values()])
    asked, form = make(visitor), random.random()
    if form < 0.12:
        asked = varied(random, asked)
    elif form < 0.24:
        asked = strange(random, asked)
    with _told(f"{asked.method} {asked.target[:300]} {asked.headers} {asked.body[:300]!r}"):
        await _exchange(stand, visitor.world, asked)
        if asked.body and random.random() < 0.1:
            await stand.cut(asked.method, asked.target, asked.headers, asked.body)
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


@contextmanager
def _told(what: str) -> Generator[None, None, None]:
    """A failure says this of itself."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(what)
        raise
