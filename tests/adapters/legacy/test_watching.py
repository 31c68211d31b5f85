"""Watching a job over the legacy protocol: what browsers receive is what the log holds."""

import asyncio
from contextlib import aclosing

import anyio
import pytest

from schema.events import Completed
from schema.execution import Done, Error, ExecutionEvent, Status, Stream
from tests.adapters.legacy.stand import VERSION, Stand, begun, new_project
from tests.gateway.agreement import assert_agrees
from tests.gateway.conftest import collect
from tests.gateway.legacy_agreement import assert_joined_agrees, assert_live_agrees
from tests.gateway.legacy_watcher import Browser, Frame, LegacyWatcher
from tests.gateway.watchers import WATCHERS

BEGINNING: list[ExecutionEvent] = [
    Status("準備中", progress=8),
    Stream("こんにちは ", 1),
    Stream("<b>world</b>\n", 1),
]
MIDDLE: list[ExecutionEvent] = [
    Status("Retrying", retract=1),
    Stream("again", 2),
    Status("Writing", progress=40, tool="Write", path="index.html"),
    Status("", progress=50),
]
END: list[ExecutionEvent] = [Done("finished", version=VERSION, created=True)]
ENDS: list[ExecutionEvent] = [*END, Done("words"), Error("RATE_LIMIT"), Error("CANCELLED")]


async def started(stand: Stand, browser: Browser) -> tuple[Frame, str]:
    """`jobStarted` of a run in a new project, and the id of the job."""
    await new_project(browser)
    frame = await browser.ask(type="message", content="ゲーム", skipStyleSelection=True)
    return frame, frame["job"]["id"]


@pytest.mark.rule("ws.job.started-first", "ws.job.one-end", "ws.map.status", "ws.map.stream")
@pytest.mark.rule("ws.map.done")
@pytest.mark.parametrize("end", ENDS, ids=repr)
async def test_who_started_a_job_sees_the_whole_log(stand: Stand, end: ExecutionEvent) -> None:
    async with stand.browser() as browser:
        first, job = await started(stand, browser)
        for event in (*BEGINNING, *MIDDLE, end):
            stand.execution.say(job, event)
        received = [first, *await browser.job()]
        assert_live_agrees(received, await stand.stored(job))


@pytest.mark.rule("ws.flow.reconnect", "ws.sockets.reconnect", "ws.divergence.text-so-far")
async def test_a_browser_that_comes_back_goes_on_where_the_job_is(stand: Stand) -> None:
    async with stand.browser() as browser:
        _, job = await started(stand, browser)
        stand.execution.say(job, *BEGINNING)
        await browser.until("stream")
    async with aclosing(LegacyWatcher(stand.url, stand.token_of()).watch(job)) as watching:
        received = [await anext(watching)]
        assert received[0]["activeJob"]["status"] == "processing"
        stand.execution.say(job, *MIDDLE, *END)
        received += [frame async for frame in watching]
    assert_joined_agrees(received, await stand.stored(job))


@pytest.mark.rule("ws.tabs.during", "ws.select.active-job", "ws.divergence.text-so-far")
@pytest.mark.parametrize("said", range(len(BEGINNING + MIDDLE) + 1))
async def test_one_may_join_at_any_moment(stand: Stand, said: int) -> None:
    script = BEGINNING + MIDDLE
    async with stand.browser() as browser:
        _, job = await started(stand, browser)
        stand.execution.say(job, *script[:said])
        watcher = LegacyWatcher(stand.url, stand.token_of()).watch(job)
        async with aclosing(watcher) as watching:
            received = [await anext(watching)]
            stand.execution.say(job, *script[said:], *END)
            received += [frame async for frame in watching]
        assert_joined_agrees(received, await stand.stored(job))


@pytest.mark.rule("ws.tabs.during", "ws.job.one-end")
async def test_browsers_and_typed_clients_agree_while_a_job_runs(stand: Stand) -> None:
    async with stand.browser() as browser, stand.typed_client() as client:
        first, job = await started(stand, browser)
        typed = [client.watcher(name).watch(job) for name in WATCHERS]
        late = LegacyWatcher(stand.url, client.token).watch(job)
        async with aclosing(late), asyncio.TaskGroup() as group:
            typed_tasks = [group.create_task(collect(stream)) for stream in typed]
            live = group.create_task(browser.job())
            for event in BEGINNING:
                stand.execution.say(job, event)
                await asyncio.wait(typed_tasks, timeout=0.01)
            selected = await anext(late)
            joined = group.create_task(collect(late))
            for event in MIDDLE + END:
                stand.execution.say(job, event)
                await asyncio.wait(typed_tasks, timeout=0.01)
        stored = await stand.stored(job)
        assert_live_agrees([first, *live.result()], stored)
        assert_joined_agrees([selected, *joined.result()], stored)
        for task in typed_tasks:
            assert_agrees(task.result(), stored)


@pytest.mark.rule("ws.watch.ended-away", "ws.job.history")
async def test_a_project_selected_after_the_end_shows_no_job(stand: Stand) -> None:
    async with stand.browser() as browser:
        _, job = await started(stand, browser)
        stand.execution.say(job, *BEGINNING, *END)
        frames = await browser.job()
        project = frames[-1]["projectId"]
        selected = await browser.ask(type="selectProject", projectId=project)
        assert selected["activeJob"] is None
        assert selected["history"][-1]["content"] == "finished"
        assert await browser.silent()


@pytest.mark.rule("ws.divergence.select-race")
async def test_a_job_that_ends_while_its_project_is_being_selected_is_seen_to_end(
    stand: Stand,
) -> None:
    async with stand.browser() as first, stand.browser() as second:
        _, job = await started(stand, first)
        stand.execution.say(job, *BEGINNING)
        project = (await first.until("stream"))[0]["job"]["project_id"]
        stand.mirror.asked.clear()
        stand.mirror.free.clear()
        await second.send({"type": "selectProject", "projectId": project})
        await stand.mirror.asked.wait()
        stand.execution.say(job, *END)
        await first.job()
        stand.mirror.free.set()
        selected = await second.receive()
        assert selected["activeJob"]["status"] == "processing"
        received = [selected, *await second.job()]
        assert_joined_agrees(received, await stand.stored(job))


@pytest.mark.rule("ws.watch.left")
async def test_a_job_whose_browser_left_while_it_was_being_started_runs(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        stand.mirror.asked.clear()
        stand.mirror.free.clear()
        await browser.send({"type": "message", "content": "ゲーム", "skipStyleSelection": True})
        await stand.mirror.asked.wait()
    stand.mirror.free.set()
    with anyio.fail_after(60):
        await stand.execution.started.wait()
    job = stand.execution.requests[0].run_id
    stand.finish(job)
    assert isinstance((await stand.stored(job))[-1].event, Completed)


@pytest.mark.rule("ws.watch.left", "ws.flow.reconnect")
async def test_disconnecting_stops_nothing(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        await browser.send({"type": "message", "content": "ゲーム", "skipStyleSelection": True})
    await stand.execution.started.wait()
    job = stand.execution.requests[0].run_id
    async with stand.browser() as browser:
        selected = await browser.ask(type="selectProject", projectId=project)
        assert selected["activeJob"]["id"] == job
        stand.finish(job)
        assert (await browser.job())[-1] == {
            "type": "gameUpdated",
            "userId": selected["activeJob"]["user_id"],
            "projectId": project,
        }


@pytest.mark.rule("ws.job.game-updated", "ws.divergence.game-updated-everywhere")
@pytest.mark.rule("ws.tabs.message")
@pytest.mark.parametrize("kind", ["selectProject", "subscribeJob", "message"])
async def test_the_preview_is_reloaded_on_every_socket_that_watches(
    stand: Stand, kind: str
) -> None:
    async with stand.browser() as first, stand.browser() as second:
        project = await new_project(first)
        row = await begun(first)
        await first.until("progress")
        await second.ask(type="selectProject", projectId=project)
        answer = await second.ask(type=kind, projectId=project, jobId=row["id"], content="もう一度")
        assert answer["type"] in ("projectSelected", "subscribed", "jobStarted")
        stand.finish(row["id"])
        updated = [(await browser.job())[-1] for browser in (first, second)]
        assert updated[0] == updated[1]
        assert updated[0]["projectId"] == project
