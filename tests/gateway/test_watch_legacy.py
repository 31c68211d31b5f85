"""Watch a generation over the browser's protocol: the same events as the log, and as every
other watcher sees them."""

import asyncio

import pytest

from schema.execution import Done, Error
from tests.gateway.agreement import assert_agrees
from tests.gateway.conftest import Scene, collect
from tests.gateway.legacy_agreement import assert_joined_agrees, assert_live_agrees
from tests.gateway.legacy_watcher import Frame, LegacyWatcher, open_browser
from tests.gateway.test_watch import BEGINNING, END, MIDDLE, SCRIPT
from tests.gateway.watchers import WATCHERS


async def asked(scene: Scene, events: list[object]) -> tuple[str, list[Frame]]:
    """A browser asks for a game while execution says `events`; the job's id and its frames."""
    async with open_browser(scene.url, scene.token) as browser:
        await browser.ask(type="createProject", name="新しいゲーム")
        started = await browser.ask(type="message", content="2Dで作って", skipStyleSelection=True)
        generation: str = started["job"]["id"]
        scene.execution.say(generation, *events)  # type: ignore[arg-type] # of the scripts above
        return generation, [started, *await browser.job()]


@pytest.mark.rule("ws.job.one-end", "ws.map.done", "ws.map.error")
@pytest.mark.parametrize("end", [Done("words"), *END, Error("RATE_LIMIT"), Error("CANCELLED")])
async def test_a_browser_that_asked_sees_what_the_log_holds(scene: Scene, end: object) -> None:
    generation, frames = await asked(scene, [*BEGINNING, *MIDDLE, end])
    assert_live_agrees(frames, await scene.stored(generation))


@pytest.mark.rule("ws.flow.reconnect", "ws.sockets.reconnect")
async def test_a_browser_that_comes_back_joins_the_running_job(scene: Scene) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *BEGINNING)
    await collect(scene.watcher("graphql-sse").watch(generation), count=5)
    stream = LegacyWatcher(scene.url, scene.token).watch(generation)
    frames = [await anext(stream)]
    scene.execution.say(generation, *MIDDLE, *END)
    frames += await collect(stream)
    assert frames[0]["activeJob"]["id"] == generation
    assert_joined_agrees(frames, await scene.stored(generation))


@pytest.mark.rule("ws.tabs.during")
async def test_a_browser_and_typed_clients_agree_while_it_runs(scene: Scene) -> None:
    generation = await scene.start()
    await collect(scene.watcher("graphql-sse").watch(generation), count=2)
    browser = LegacyWatcher(scene.url, scene.token).watch(generation)
    frames = [await anext(browser)]
    async with asyncio.TaskGroup() as group:
        typed = [
            group.create_task(collect(scene.watcher(transport).watch(generation)))
            for transport in WATCHERS
        ]
        rest = group.create_task(collect(browser))
        for event in SCRIPT:
            scene.execution.say(generation, event)
            await asyncio.wait([*typed, rest], timeout=0.01)
    stored = await scene.stored(generation)
    for task in typed:
        assert_agrees(task.result(), stored)
    assert_joined_agrees(frames + rest.result(), stored)
