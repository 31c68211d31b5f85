"""A job's life as a page sees it: slots, the conversation, deadlines and restarts (§4, §6)."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema.execution import Done, Error, ExecutionEvent, Status, Stream
from tests.adapters.legacy.stand import Stand, begun, new_project, open_stand
from tests.legacy.scenes import HASH, PAGE, version


@pytest.mark.rule("ws.job.slots", "ws.job.one-end")
@pytest.mark.parametrize(
    "end", [Done("終わり"), Error("RATE_LIMIT"), Error("CANCELLED")], ids=["done", "error", "stop"]
)
async def test_a_job_that_has_ended_lets_the_next_one_begin(
    stand: Stand, end: ExecutionEvent
) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        for _ in range(3):
            row = await begun(browser)
            stand.execution.say(row["id"], end)
            frames = await browser.job()
            terminal = [f for f in frames if f["type"] in ("completed", "failed", "cancelled")]
            assert len(terminal) == 1
            assert await browser.silent()


@pytest.mark.rule("ws.job.history", "ws.map.error")
@pytest.mark.parametrize(
    ("end", "told"),
    [
        (Error("RATE_LIMIT", user_message="混んでいます"), "混んでいます"),
        (Error("RATE_LIMIT"), "APIの利用制限に達しました"),
        (Error("NEVER_HEARD_OF"), "予期しないエラーが発生しました"),
    ],
)
async def test_a_failure_has_words_and_leaves_none_behind(
    stand: Stand, end: Error, told: str
) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        row = await begun(browser, "2Dのゲーム")
        stand.execution.say(row["id"], Stream("はじめます", 1), end)
        failed = (await browser.job())[-1]
        assert (failed["type"], failed["error"]) == ("failed", told)
        assert await browser.silent()
        selected = await browser.ask(type="selectProject", projectId=project)
        assert [line["content"] for line in selected["history"]] == ["2Dのゲーム"]


@pytest.mark.rule("ws.select.history", "ws.job.history")
async def test_the_last_fifty_lines_are_told_oldest_first(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(version(), PAGE.encode())]
        for number in range(26):
            await browser.send({"type": "message", "content": f"{number}？"})
            await browser.job()
        history = (await browser.ask(type="selectProject", projectId=project))["history"]
        asked = [line["content"] for line in history if line["role"] == "user"]
        assert (len(history), history[-1]["role"]) == (50, "assistant")
        assert asked == [f"{number}？" for number in range(1, 26)]
        assert all([*line] == ["role", "content", "timestamp"] for line in history)


@pytest.mark.rule("ws.map.stream", "ws.map.status", "ws.map.done")
async def test_a_run_is_told_as_text_percentages_and_a_result(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        stand.execution.say(
            row["id"],
            Status("準備中"),
            Stream("", 1),
            Stream("書く", 1),
            Status("進行中", progress=45),
            Status("進行中", progress=30),
            Done("できました", version=HASH, created=True),
        )
        frames = await browser.job()
        told = [f.get("progress", f.get("content", f["type"])) for f in frames]
        assert told == ["started", 5, 5, "書く", 45, 45, "completed", "gameUpdated"]
        assert frames[-2]["result"]["message"] == "できました"


@pytest.mark.rule("ws.cancel.any-phase", "ws.cancel.frees")
async def test_a_job_can_be_stopped_before_its_run(stand: Stand) -> None:
    """While a model is asked what the message wants."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(version(), PAGE.encode())]
        stand.execution.thinking = asyncio.Event()
        started = await browser.ask(type="message", content="敵を速くして")
        await browser.until("progress")
        stopped = await browser.ask(type="cancel", jobId=started["job"]["id"])
        assert (stopped["type"], stopped["job"]["status"]) == ("cancelled", "cancelled")
        stand.execution.thinking.set()
        stand.execution.thinking = None
        assert await browser.silent()
        assert stand.execution.requests == []
        await begun(browser)


@pytest.mark.rule("ws.divergence.slot-leak", "ws.messages.exception")
async def test_a_job_that_cannot_be_stored_gives_its_slot_back(tmp_path: Path) -> None:
    refuse = "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'no'); END"
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        await new_project(browser)
        with closing(sqlite3.connect(tmp_path / "store.db")) as database:
            database.execute(refuse)
            failed = await browser.ask(type="message", content="2D", skipStyleSelection=True)
            assert failed == {"type": "error", "message": "Invalid message format"}
            database.execute("DROP TRIGGER full")
        await begun(browser)


@pytest.mark.rule("ws.divergence.deadline")
async def test_a_job_that_takes_too_long_has_one_end(tmp_path: Path) -> None:
    async with open_stand(tmp_path, deadline=0.2) as stand, stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        failed = (await browser.job())[-1]
        assert (failed["type"], failed["code"]) == ("failed", "CLI_TIMEOUT")
        assert await browser.silent()
        status = await browser.ask(type="getJobStatus", jobId=row["id"])
        assert (status["job"]["status"], status["job"]["error"]) == ("failed", failed["error"])


@pytest.mark.rule("ws.restart.orphans", "ws.divergence.restart")
async def test_a_restart_that_lost_the_run_ends_the_job(tmp_path: Path) -> None:
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        project = await new_project(browser)
        job = (await begun(browser))["id"]
        stand.execution.say(job, Stream("はじめ", 1))
        await browser.until("stream")
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        stored = await stand.stored(job)
        assert type(stored[-1].event).__name__ == "Failed"
        status = await browser.ask(type="getJobStatus", jobId=job)
        assert status["job"]["status"] == "failed"
        selected = await browser.ask(type="selectProject", projectId=project)
        assert selected["activeJob"] is None
        await begun(browser)


@pytest.mark.rule("ws.divergence.restart", "ws.watch.left")
async def test_a_restart_that_finds_the_run_goes_on_with_it(tmp_path: Path) -> None:
    async with open_stand(tmp_path) as stand, stand.browser() as browser:
        project = await new_project(browser)
        job = (await begun(browser))["id"]
        stand.execution.say(job, Stream("はじめ", 1))
        await browser.until("stream")
        journals = stand.execution.journals
    async with open_stand(tmp_path, journals=journals) as stand, stand.browser() as browser:
        selected = await browser.ask(type="selectProject", projectId=project)
        assert selected["activeJob"]["id"] == job
        stand.execution.say(job, Done("終わり"))
        assert (await browser.job())[-1]["type"] == "gameUpdated"
