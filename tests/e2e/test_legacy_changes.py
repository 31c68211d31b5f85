"""Changes, versions and questions by the messages of the untouched frontend, with the real CLI."""

import json

import pytest

from tests.e2e.legacy_editor import PAGE, SPEC, WISH, Editor, Job, edit, read, write

FASTER = PAGE.replace("speed 1", "speed 2")
REPORT = (
    "The game has the following JavaScript errors. Please fix them:\n\n"
    "error: x is not defined (in index.html line 3)\nStack: a\nb"
)
ANSWER = {"message": "矢印キーで動かします。", "suggestions": ["敵を速くして", "音、曲を足して"]}


async def changed(editor: Editor, old: str, new: str, **options: object) -> Job:
    """A job whose agent reads the page and edits it."""
    editor.acts(read("index.html"), edit("index.html", old, new), saying="直しました。")
    return await editor.job(str(options.pop("content", "もっと速くして")), **options)


@pytest.mark.rule("ws.frame.geminiCode", "ws.message.style-gate-past")
async def test_a_change_is_told_as_the_edit_that_the_agent_made(editor: Editor) -> None:
    await editor.make(write("specs/game.md", SPEC))
    editor.answers("edit", '["polish"]')
    job = await changed(editor, "speed 1", "speed 2", content="2Dのゲームをもっと速く作って")
    assert job.only("geminiCode") == {
        "type": "geminiCode",
        "mode": "edit",
        "edits": [{"path": "index.html", "old_string": "speed 1", "new_string": "speed 2"}],
        "summary": "直しました。",
        "suggestions": [],
    }
    assert job.stream == "\n[Read]\n\n[Edit]\n直しました。"
    assert job.progress[:2] == ["意図を判定中...", "スキル選択: canvas-2d, polish"]
    assert await editor.code() == FASTER
    asked = editor.turns[-1].user_texts[-1]
    # The prompt tells the spec and the conversation that the first run left.
    assert f"{SPEC.strip()}\n</spec " in asked
    assert f"{WISH}\n</history " in asked
    assert "2Dのゲームをもっと速く作って\n</request " in asked


@pytest.mark.rule("ws.flow.versions", "ws.versions.listed", "ws.restore.reply")
@pytest.mark.rule("ws.edits.reply", "ws.edits.diff", "ws.divergence.version-summary")
async def test_versions_are_listed_compared_and_restored(editor: Editor) -> None:
    await editor.make()
    editor.answers("edit", "[]")
    job = await changed(editor, "speed 1", "speed 2")
    project = {"projectId": editor.project_id}
    listed = await editor.browser.ask(type="getVersions", **project)
    newer, older = listed["versions"]
    assert (newer["number"], newer["message"]) == (1, "もっと速くして")
    assert (older["number"], older["message"]) == (2, WISH)

    await editor.browser.ask(type="cancel", jobId=job.id)  # waits until it is settled
    shown = await editor.browser.ask(type="getVersionEdits", versionHash=newer["hash"], **project)
    assert (shown["type"], shown["versionHash"]) == ("versionEdits", newer["hash"])
    assert (shown["edits"], shown["summary"]) == (job.only("geminiCode")["edits"], "直しました。")
    made = await editor.browser.ask(type="getVersionEdits", versionHash=older["hash"], **project)
    [change] = made["edits"]
    assert '\n+<body><p id="speed">speed 1</p>' in change["diff"]

    restored = await editor.browser.ask(type="restoreVersion", versionId=older["id"], **project)
    assert restored == {"type": "versionRestored", "versionId": older["id"], **project}
    assert await editor.code() == PAGE
    assert (await editor.selected())["versions"] == listed["versions"]

    # The agent finds the restored files: its edit fits them and no others.
    editor.answers("edit", "[]")
    await changed(editor, "speed 1", "speed 3", content="3倍にして")
    assert await editor.code() == PAGE.replace("speed 1", "speed 3")


@pytest.mark.rule("ws.flow.fix")
async def test_a_reported_error_is_repaired_whatever_its_words(editor: Editor) -> None:
    await editor.make()
    editor.answers("[]")
    asked = len(editor.questions)
    job = await changed(editor, "speed 1", "speed 0", content=REPORT, autoFix=True)
    assert job.only("geminiCode")["mode"] == "edit"
    assert "speed 0" in await editor.code()
    assert len(editor.questions) == asked + 1  # for skills: what it wants is known
    assert f"{REPORT}\n</request " in editor.turns[-1].user_texts[-1]


@pytest.mark.rule(
    "ws.flow.chat",
    "ws.map.chat",
    "ws.job.suggestions",
    "ws.progress.answer",
)
async def test_a_question_is_answered_by_the_model_and_runs_no_agent(editor: Editor) -> None:
    await editor.make(write("specs/game.md", SPEC))
    before = (await editor.selected())["versions"]
    turns = len(editor.turns)
    editor.answers("chat", json.dumps(ANSWER, ensure_ascii=False))
    job = await editor.job("操作方法を知りたい")
    assert job.only("geminiChat") == {
        "type": "geminiChat",
        "mode": "chat",
        "message": "矢印キーで動かします。",
        "suggestions": ["敵を速くして", "音 曲を足して"],
    }
    assert job.progress == ["意図を判定中...", "Claude Haikuで回答中...", "回答完了"]
    assert job.only("completed")["result"] == {
        "message": "矢印キーで動かします。",
        "mode": "chat",
        "generator": "haiku",
    }
    assert "ブロックの海" in editor.questions[-1]
    assert len(editor.turns) == turns
    selected = await editor.selected()
    assert selected["versions"] == before
    assert [line["content"] for line in selected["history"][-2:]] == [
        "操作方法を知りたい",
        "矢印キーで動かします。\n\n提案: 敵を速くして、音 曲を足して",
    ]


@pytest.mark.rule("ws.result.restore", "ws.progress.restore", "ws.frame.geminiRestore")
async def test_the_wish_to_go_back_is_asked_about_and_changes_nothing(editor: Editor) -> None:
    await editor.make()
    editor.answers("restore")
    job = await editor.job("元に戻して")
    question = job.only("geminiRestore")
    assert (question["mode"], question["confirmLabel"]) == ("restore", "戻す")
    assert job.types[-3:] == ["progress", "completed", "gameUpdated"]
    result = {"message": "リストア確認", "mode": "restore", "generator": "claude"}
    assert job.only("completed")["result"] == result
    assert await editor.code() == PAGE
    assert len((await editor.selected())["versions"]) == 1


@pytest.mark.rule("ws.map.done")
async def test_an_agent_that_only_talks_has_answered(editor: Editor) -> None:
    await editor.make()
    editor.answers("edit", "[]")
    editor.acts(saying="もう十分に速いです。")
    job = await editor.job("もっと速くして")
    assert job.only("geminiChat")["message"] == "もう十分に速いです。"
    assert job.only("completed")["result"]["mode"] == "chat"
    assert await editor.history() == [
        ("user", WISH),
        ("assistant", "Ready."),
        ("user", "もっと速くして"),
        ("assistant", "もう十分に速いです。"),
    ]
