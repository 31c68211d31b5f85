"""What comes before a job: the style question, busy projects, limits and refusals."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema.execution import Status, Stream
from tests.adapters.legacy.stand import BOB, Stand, begun, new_project

LIMIT = "Too many concurrent requests. Please wait for the current job to finish."


@pytest.mark.rule("ws.flow.style", "ws.message.style-gate", "ws.message.shapes")
@pytest.mark.rule("ws.frame.styleOptions")
async def test_the_style_question_stores_nothing_and_can_be_skipped(stand: Stand) -> None:
    """§5.4."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        content = "３Ｄで宇宙ゲームを作って"
        options = await browser.ask(type="message", content=content)
        assert (options["type"], options["dimension"]) == ("styleOptions", "3d")
        assert len(options["styles"]) == 12
        selected = await browser.ask(type="selectProject", projectId=project)
        assert (selected["history"], selected["activeJob"]) == ([], None)
        row = await begun(browser, content)
        stand.finish(row["id"])
        assert (await browser.job())[-1]["type"] == "gameUpdated"


@pytest.mark.rule("ws.message.shapes", "ws.message.style-chosen")
@pytest.mark.parametrize(
    "shape",
    [
        {"selectedStyle": {"dimension": "4d", "styleId": "nothing"}},
        {"selectedStyle": {"dimension": "3d", "styleId": 5}},
        {"selectedStyle": "retro"},
        {"skipStyleSelection": 1},
        {"autoFix": True},
    ],
)
async def test_every_other_shape_goes_past_the_style_question(
    stand: Stand, shape: dict[str, object]
) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        started = await browser.ask(type="message", content="2Dのゲームを作って", **shape)
        assert started["type"] == "jobStarted"
        stand.finish(started["job"]["id"])
        await browser.job()


@pytest.mark.rule("ws.job.existing", "ws.tabs.message", "ws.message.history")
@pytest.mark.rule("ws.divergence.refused-words", "ws.divergence.text-so-far")
async def test_a_busy_project_shows_its_job_and_stores_nothing(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        project = await new_project(first)
        row = await begun(first)
        stand.execution.say(row["id"], Stream("すでに", 1), Status("進行中", progress=30))
        await first.until("stream")
        await first.until("progress")
        await second.ask(type="selectProject", projectId=project)
        await second.receive()  # the text so far
        again = await second.ask(type="message", content="もっと速く")
        assert (again["type"], again["isExisting"]) == ("jobStarted", True)
        assert (again["job"]["id"], again["job"]["progress"]) == (row["id"], 30)
        stand.finish(row["id"], "終わり")
        for browser in (first, second):
            assert (await browser.job())[-1]["type"] == "gameUpdated"
        selected = await second.ask(type="selectProject", projectId=project)
        contents = [line["content"] for line in selected["history"]]
        assert contents == ["2Dで宇宙ゲームを作って", "終わり"]


@pytest.mark.rule("ws.message.user-limit", "ws.tabs.limit", "ws.frames.error-message")
@pytest.mark.rule("ws.divergence.nested-error", "ws.job.slots")
async def test_the_user_limit_is_told_in_the_superset_form(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        await new_project(browser)
        error = {"code": "USER_LIMIT_EXCEEDED", "message": LIMIT}
        refused = await browser.ask(type="message", content="x", skipStyleSelection=True)
        assert refused == {"type": "error", "message": LIMIT, "error": error}
        stand.finish(row["id"])
        await stand.stored(row["id"])
        await begun(browser)


@pytest.mark.rule("ws.message.system-limit", "ws.frames.error-message")
@pytest.mark.rule("ws.divergence.nested-error")
async def test_the_system_limit_is_told_in_the_superset_form(stand: Stand) -> None:
    for number in range(50):
        user = f"33333333-3333-4333-8333-{number:012}"
        await stand.play.engine.slots.acquire(user, user)
    async with stand.browser() as browser:
        await new_project(browser)
        refused = await browser.ask(type="message", content="x", skipStyleSelection=True)
        assert refused["message"] == "System is busy. Please try again in a moment."
        assert refused["error"]["code"] == "SYSTEM_LIMIT_EXCEEDED"


@pytest.mark.rule("ws.message.content", "ws.divergence.content")
@pytest.mark.parametrize("content", [None, "", 5, ["x"], {"a": 1}, "   ", "\0", "x" * 100_001])
async def test_words_that_cannot_be_run_never_lock_a_project(stand: Stand, content: object) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        refused = await browser.ask(type="message", content=content)
        assert refused == {"type": "error", "message": "Invalid request"}
        stand.finish((await begun(browser))["id"])
        await browser.job()


@pytest.mark.rule("ws.divergence.message-ownership")
async def test_a_project_that_was_lost_is_noticed_by_the_next_message(
    stand: Stand, tmp_path: Path
) -> None:
    """Ownership is checked on every message, not only when the project was selected."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
            connection.execute("UPDATE projects SET user_id = ? WHERE id = ?", (BOB, project))
        denied = await browser.ask(type="message", content="x", skipStyleSelection=True)
        assert denied == {"type": "error", "message": "Access denied"}
