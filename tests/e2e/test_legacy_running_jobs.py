"""Jobs that are stopped, left, joined and deleted while the real CLI works."""

import asyncio

import pytest

from adapters.legacy.texts import JOB_CANCELLED, USER_LIMIT
from tests.e2e.legacy_editor import PAGE, WISH, Editor, write
from tests.e2e.processes import agents_of, ended, runner_pid
from tests.gateway.legacy_watcher import Frame, open_browser
from tests.model_stub.script import Reply, Text

HELD = "held until somebody stops it " * 20


async def speaking(editor: Editor, gate: str) -> Frame:
    """The row of a job in a new project; the model waits at `gate` in its first sentence."""
    await editor.create()
    editor.answers("[]")
    editor.model.extend(Reply(Text(HELD), write("index.html", PAGE), gate=gate))
    started = await editor.send(WISH, skipStyleSelection=True)
    await editor.browser.until("stream")
    assert agents_of(editor.installation.data)
    row: Frame = started["job"]
    return row


@pytest.mark.rule("ws.divergence.one-cancelled", "ws.cancel.everybody", "ws.cancel.frees")
async def test_a_stopped_run_is_told_once_and_leaves_no_process(editor: Editor) -> None:
    job_id = (await speaking(editor, "stopped"))["id"]
    data = editor.installation.data
    runner = runner_pid(data, job_id)
    async with open_browser(editor.url, editor.token) as other:
        selected = await other.ask(type="selectProject", projectId=editor.project_id)
        assert selected["activeJob"]["id"] == job_id
        await editor.browser.send({"type": "cancel", "jobId": job_id})
        told = (await editor.browser.until("cancelled"))[-1]
        watched = (await other.until("cancelled"))[-1]
        assert await other.silent()
    assert (told["message"], told["jobId"]) == (JOB_CANCELLED, job_id)
    assert told["job"] == watched["job"]
    assert told["job"]["status"] == "cancelled"
    assert await editor.browser.silent()
    assert agents_of(data) == []
    await ended(runner)
    await editor.still_works()


@pytest.mark.rule("ws.cancel.any-phase", "ws.cancel.project")
async def test_a_job_is_stopped_while_a_helper_model_is_waited_for(editor: Editor) -> None:
    await editor.create()
    editor.answers("chat")
    editor.asked(Reply(Text("too late"), gate="answer"))
    await editor.send("どう遊びますか？")
    await editor.model.gate("answer").reached.wait()
    before = editor.model.disconnected
    await editor.browser.send({"type": "cancel"})
    received = await editor.browser.until("cancelled")
    assert [f["type"] for f in received].count("cancelled") == 1
    async with asyncio.timeout(60):
        await editor.model.until(lambda model: model.disconnected > before)
    assert await editor.browser.silent()
    assert editor.turns == []
    assert (await editor.selected())["activeJob"] is None
    assert await editor.history() == [("user", "どう遊びますか？")]


@pytest.mark.rule("ws.message.user-limit", "ws.tabs.limit", "ws.job.existing")
async def test_another_project_has_to_wait_and_the_same_one_joins(editor: Editor) -> None:
    await editor.create("Busy")
    editor.answers("[]")
    editor.model.extend(Reply(write("index.html", PAGE), gate="busy"), Reply(Text("Ready.")))
    started = await editor.send(WISH, skipStyleSelection=True)
    await editor.model.gate("busy").reached.wait()
    async with open_browser(editor.url, editor.token) as other:
        await other.ask(type="createProject", name="Waiting")
        refused = await other.ask(type="message", content=WISH, skipStyleSelection=True)
        assert refused == {
            "type": "error",
            "message": USER_LIMIT,
            "error": {"code": "USER_LIMIT_EXCEEDED", "message": USER_LIMIT},
        }
        await other.ask(type="selectProject", projectId=editor.project_id)
        await other.send({"type": "message", "content": "さらに速く"})
        joined = (await other.until("jobStarted"))[-1]
        assert (joined["isExisting"], joined["job"]["id"]) == (True, started["job"]["id"])
        editor.model.gate("busy").release()
        for page in (editor.browser, other):
            assert (await page.job())[-1]["type"] == "gameUpdated"
    assert await editor.history() == [("user", WISH), ("assistant", "Ready.")]


@pytest.mark.rule("ws.flow.reconnect", "ws.watch.left", "ws.divergence.text-so-far")
async def test_whoever_comes_back_is_told_the_text_so_far_and_the_rest(editor: Editor) -> None:
    row = await speaking(editor, "left")
    await editor.browser.connection.close()
    editor.model.extend(Reply(Text("Ready.")))
    async with open_browser(editor.url, editor.token) as page:
        selected = await page.ask(type="selectProject", projectId=editor.project_id)
        assert selected["activeJob"]["id"] == row["id"]
        so_far = await page.receive()
        assert so_far["type"] == "stream"
        assert HELD.startswith(so_far["content"])
        editor.model.gate("left").release()
        received = [so_far, *await page.job()]
        stream = "".join(f["content"] for f in received if f["type"] == "stream")
        assert stream == f"{HELD}\n[Write]\nReady."
        assert received[-1]["type"] == "gameUpdated"
    assert await editor.code() == PAGE


@pytest.mark.rule("ws.divergence.delete-running", "ws.delete.effects")
async def test_a_project_is_deleted_with_the_agent_that_works_on_it(editor: Editor) -> None:
    row = await speaking(editor, "deleted")
    data, project_id = editor.installation.data, editor.project_id
    runner = runner_pid(data, row["id"])
    await editor.browser.send({"type": "deleteProject", "projectId": project_id})
    received = await editor.browser.until("projectDeleted")
    assert [f["type"] for f in received if f["type"] not in ("progress", "stream")] == [
        "cancelled",
        "projectDeleted",
    ]
    assert agents_of(data) == []
    await ended(runner)
    assert (await editor.selected())["message"] == "Access denied"
    await editor.create("Next")
    await editor.still_works()
