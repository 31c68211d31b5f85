"""Stopping jobs: one frame for everybody, and nothing after it."""

import pytest

from schema.execution import Stream
from tests.adapters.legacy.stand import BOB, Stand, begun, new_project
from tests.gateway.legacy_watcher import Browser, Frame

DENIED = {"type": "error", "message": "Access denied"}


async def speaking(stand: Stand, browser: Browser) -> Frame:
    """The row of a running job that has said something."""
    row = await begun(browser)
    stand.execution.say(row["id"], Stream("はじめます", 1))
    await browser.until("stream")
    return row


@pytest.mark.rule("ws.cancel.everybody", "ws.cancel.reply", "ws.cancel.silence")
@pytest.mark.rule("ws.cancel.frees", "ws.divergence.one-cancelled")
async def test_who_stops_a_job_gets_one_frame_and_watchers_another(stand: Stand) -> None:
    async with stand.browser() as requester, stand.browser() as watcher:
        project = await new_project(requester)
        row = await speaking(stand, requester)
        await watcher.ask(type="selectProject", projectId=project)
        await watcher.receive()  # the text so far
        reply = await requester.ask(type="cancel", jobId=row["id"])
        assert [*reply] == ["type", "job", "message", "jobId"]
        assert (reply["message"], reply["jobId"]) == ("Job cancelled", row["id"])
        assert reply["job"]["status"] == "cancelled"
        pushed = await watcher.receive()
        assert pushed == {"type": "cancelled", "job": reply["job"]}
        assert await requester.silent()
        assert await watcher.silent()
        status = await requester.ask(type="getJobStatus", jobId=row["id"])
        assert status["job"]["status"] == "cancelled"
        await begun(requester)


@pytest.mark.rule("ws.cancel.project", "ws.divergence.cancel-project")
async def test_without_an_id_the_job_of_the_current_project_is_stopped(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        stopped = {"type": "cancelled", "message": "Operation cancelled"}
        assert await browser.ask(type="cancel") == stopped
        row = await speaking(stand, browser)
        assert await browser.ask(type="cancel") == stopped
        assert await browser.silent()
        status = await browser.ask(type="getJobStatus", jobId=row["id"])
        assert status["job"]["status"] == "cancelled"


@pytest.mark.rule("ws.cancel.ended", "ws.divergence.cancel-ended")
async def test_a_job_that_has_ended_is_answered_and_left_as_it_is(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await speaking(stand, browser)
        stand.finish(row["id"])
        await browser.job()
        reply = await browser.ask(type="cancel", jobId=row["id"])
        assert (reply["type"], reply["job"]["status"]) == ("cancelled", "completed")
        status = await browser.ask(type="getJobStatus", jobId=row["id"])
        assert status["job"]["status"] == "completed"


@pytest.mark.rule("ws.cancel.errors", "ws.flow.foreign")
async def test_nobody_stops_the_job_of_somebody_else(stand: Stand) -> None:
    async with stand.browser() as alice, stand.browser(BOB) as bob:
        await new_project(alice)
        row = await speaking(stand, alice)
        assert await bob.ask(type="cancel", jobId=row["id"]) == DENIED
        assert await bob.ask(type="cancel", jobId="x") == DENIED
        stand.finish(row["id"])
        assert (await alice.job())[-2]["type"] == "completed"


@pytest.mark.rule("ws.cancel.everybody", "ws.cancel.silence")
async def test_stopping_from_another_socket_is_pushed_to_the_first(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        await new_project(first)
        row = await speaking(stand, first)
        reply = await second.ask(type="cancel", jobId=row["id"])
        assert reply["jobId"] == row["id"]
        assert [*(await first.receive())] == ["type", "job"]
        assert await first.silent()
        assert await second.silent()


@pytest.mark.rule("ws.cancel.silence")
async def test_nothing_that_was_said_before_arrives_after_the_reply(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await speaking(stand, browser)
        stand.execution.say(row["id"], *[Stream("x" * 20_000, block) for block in range(2, 800)])
        await browser.send({"type": "cancel", "jobId": row["id"]})
        await stand.stored(row["id"])  # more than the network holds: nobody has read it yet
        assert {frame["type"] for frame in await browser.until("cancelled")} >= {"stream"}
        assert await browser.silent()
