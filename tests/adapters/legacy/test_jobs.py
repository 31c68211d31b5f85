"""Messages that become jobs: the transcripts of the contract on a real socket."""

import json
from typing import Any

import pytest

from schema.execution import Done, Error, Status, Stream
from tests.adapters.legacy.stand import (
    ALICE,
    VERSION,
    Stand,
    begun,
    commit,
    new_project,
)
from tests.gateway.legacy_watcher import Frame

ROW = [
    "id",
    "user_id",
    "project_id",
    "status",
    "progress",
    "progress_message",
    "result",
    "error",
    "created_at",
    "updated_at",
]
PAGE = b"<!DOCTYPE html><title>Space</title>"


def types(frames: list[Frame]) -> list[Any]:
    """Their types, and percentages where there are some."""
    return [(f["type"], f["progress"]) if "progress" in f else f["type"] for f in frames]


@pytest.mark.rule("ws.flow.new-game", "ws.job.started-first", "ws.forms.job-row")
@pytest.mark.rule("ws.job.game-updated", "ws.job.renamed", "ws.job.suggestions")
@pytest.mark.rule("ws.job.history", "ws.progress.question", "ws.progress.tool")
@pytest.mark.rule("ws.result.chat", "ws.result.code", "ws.message.dimension-answer")
@pytest.mark.rule("ws.message.style-chosen", "ws.map.chat", "ws.map.done")
@pytest.mark.rule("ws.divergence.question-once", "ws.divergence.generator")
async def test_a_new_game_from_question_over_style_to_its_name(stand: Stand) -> None:
    """§5.3."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        asked = await browser.ask(
            type="message",
            content="宇宙を飛ぶシューティングゲームを作って",
            debugOptions={"disableSkills": False, "useClaude": False},
        )
        assert (asked["type"], asked["isExisting"]) == ("jobStarted", False)
        assert [*asked["job"]] == ROW
        assert (asked["job"]["status"], asked["job"]["progress"]) == ("pending", 0)
        question = await browser.job()
        assert types(question) == [
            "started",
            ("progress", 5),
            ("progress", 3),
            "geminiChat",
            ("progress", 100),
            "completed",
            "gameUpdated",
        ]
        text = "2Dゲームと3Dゲーム、どちらで作成しますか？"
        assert question[3] == {
            "type": "geminiChat",
            "mode": "chat",
            "message": text,
            "suggestions": ["2Dで作成", "3Dで作成"],
        }
        result = {"message": text, "mode": "chat", "generator": "gemini"}
        assert question[5]["result"] == result
        assert json.loads(question[5]["job"]["result"]) == result
        assert question[6] == {"type": "gameUpdated", "userId": ALICE, "projectId": project}

        options = await browser.ask(type="message", content="2Dで作成")
        assert (options["type"], options["dimension"]) == ("styleOptions", "2d")
        assert options["originalMessage"] == "2Dで作成"
        assert options["styles"][1:3] == [
            {
                "id": "neon",
                "name": "ネオンサイバー",
                "imageUrl": "/images/styles/2d/racing/neon.webp",
            },
            {"id": "minimal", "name": "ミニマル", "imageUrl": None},
        ]
        assert len(options["styles"]) == 19

        started = await browser.ask(
            type="message",
            content="2Dで作成",
            selectedStyle={"dimension": "2d", "styleId": "retro"},
        )
        job = started["job"]["id"]
        stand.execution.pages[project] = PAGE
        stand.execution.say(
            job,
            Status("準備中", progress=10),
            Stream("ゲームを", 1),
            Stream("作ります。", 1),
            Status("Writing", progress=40, tool="Write", path="index.html"),
            Done("作成しました", version=VERSION, created=True),
        )
        made = await browser.job()
        renamed = await browser.receive()
        assert types(made)[:3] == ["started", ("progress", 5), ("progress", 10)]
        assert {"type": "stream", "content": "\n[Write]\n"} in made
        assert "実行中: Write" in [frame.get("message") for frame in made]
        assert made[-2]["result"] == {"message": "作成しました", "generator": "claude"}
        assert (made[-2]["job"]["status"], made[-2]["job"]["progress"]) == ("completed", 100)
        assert made[-1]["type"] == "gameUpdated"
        assert (renamed["type"], renamed["project"]["name"]) == ("projectRenamed", "Space")
        assert [*renamed] == ["type", "project"]
        request = stand.execution.requests[-1]
        assert request.message == "2Dで宇宙を飛ぶシューティングゲームを作って"
        assert "ID: retro" in (request.context.style or "")

        selected = await browser.ask(type="selectProject", projectId=project)
        assert [line["role"] for line in selected["history"]] == ["user", "assistant"] * 2
        assert selected["history"][1]["content"] == f"{text}\n\n提案: 2Dで作成、3Dで作成"
        assert selected["versions"][0]["hash"] == VERSION[:7]
        assert selected["activeJob"] is None


@pytest.mark.rule("ws.flow.fix", "ws.message.shapes", "ws.divergence.fix-is-an-edit")
async def test_an_automatic_fix_is_an_edit_whatever_its_words(stand: Stand) -> None:
    """§5.5."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(commit("v1"), PAGE)]
        content = "The game has the following JavaScript errors. Why? undo() is not defined"
        started = await browser.ask(type="message", content=content, autoFix=True)
        stand.execution.say(started["job"]["id"], Done("直しました", version=VERSION))
        assert (await browser.job())[-2]["result"]["message"] == "直しました"


@pytest.mark.rule("ws.flow.chat", "ws.map.chat", "ws.progress.answer", "ws.result.chat")
async def test_a_question_is_answered_in_words(stand: Stand) -> None:
    """§5.6."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(commit("v1"), PAGE)]
        await browser.send({"type": "message", "content": "どんな操作ですか？"})
        frames = await browser.job()
        assert types(frames) == [
            "jobStarted",
            "started",
            ("progress", 5),
            ("progress", 10),
            "geminiChat",
            ("progress", 100),
            "completed",
            "gameUpdated",
        ]
        assert [frames[3]["message"], frames[5]["message"]] == [
            "Claude Haikuで回答中...",
            "回答完了",
        ]
        result = frames[6]["result"]
        assert (result["mode"], result["generator"]) == ("chat", "haiku")


@pytest.mark.rule("ws.flow.versions", "ws.progress.restore", "ws.result.restore")
@pytest.mark.rule("ws.frame.geminiRestore")
@pytest.mark.rule("ws.divergence.restore-question")
async def test_a_wish_to_go_back_is_asked_about(stand: Stand) -> None:
    """§5.10."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        stand.mirror.versions[project] = [(commit("v1"), PAGE)]
        await browser.send({"type": "message", "content": "元に戻して"})
        frames = await browser.job()
        assert types(frames)[3:] == ["geminiRestore", ("progress", 100), "completed", "gameUpdated"]
        assert frames[3] == {
            "type": "geminiRestore",
            "mode": "restore",
            "message": "直前の変更を取り消して、前の状態に戻しますか？",
            "confirmLabel": "戻す",
            "cancelLabel": "キャンセル",
        }
        expected = {"message": "リストア確認", "mode": "restore", "generator": "claude"}
        assert frames[5]["result"] == expected


@pytest.mark.rule("ws.map.chat")
async def test_a_run_that_changes_nothing_prints_its_words_once(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        stand.execution.say(row["id"], Done("何も変えていません"))
        frames = await browser.job()
        assert frames[-4]["message"] == "何も変えていません"
        assert frames[-2]["result"]["mode"] == "chat"


@pytest.mark.rule("ws.flow.errors", "ws.map.error", "ws.frame.failed")
@pytest.mark.rule("ws.divergence.failure-keys")
async def test_a_failure_is_told_in_both_forms_and_ends_the_job(stand: Stand) -> None:
    """§5.8."""
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        stand.execution.say(row["id"], Error("RATE_LIMIT"))
        failed = (await browser.job())[-1]
        assert [*failed] == ["type", "job", "error", "code", "userMessage", "recoverable"]
        assert failed["error"] == failed["userMessage"] == failed["job"]["error"]
        assert (failed["code"], failed["recoverable"]) == ("RATE_LIMIT", True)
        status = await browser.ask(type="getJobStatus", jobId=row["id"])
        assert status["job"]["status"] == "failed"
        assert status["job"]["error"] == failed["error"]
