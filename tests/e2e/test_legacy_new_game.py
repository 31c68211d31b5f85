"""A new game by the messages of the untouched frontend, made by the real CLI."""

import io
import zipfile

import pytest

from tests.e2e.legacy_editor import PAGE, RETRO, SPEC, UNNAMED, WISH, Editor, write
from tests.modal_app.workspace.conftest import git
from tests.model_stub.script import Reply, Text

SCRIPT = "let speed = 1;\n"


@pytest.mark.rule(
    "ws.flow.new-game",
    "ws.message.style-gate",
    "ws.job.beginning",
    "ws.progress.tool",
    "ws.result.code",
    "ws.divergence.generator",
)
async def test_from_the_wish_to_the_named_game(editor: Editor) -> None:
    await editor.create()
    question = await editor.send(WISH)
    assert (question["type"], question["originalMessage"]) == ("styleOptions", WISH)
    assert [len(question["styles"]), question["styles"][0]["id"]] == [19, "retro"]
    assert editor.model.requests == []

    editor.answers('["touch", "audio"]')
    editor.model.extend(
        Reply(Text("I write it."), write("index.html", PAGE), write("specs/game.md", SPEC)),
        Reply(Text("ブロックを崩そう。")),
    )
    job = await editor.job(WISH, selectedStyle=RETRO)
    assert job.types[:3] == ["jobStarted", "started", "progress"]
    assert job.types[-4:] == ["progress", "geminiCode", "completed", "gameUpdated"]
    assert job.progress[:2] == ["意図を判定中...", "スキル選択: canvas-2d, touch, audio"]
    assert job.progress.count("実行中: Write") == 2
    assert job.progress[-1] == "Saving version history..."
    assert job.stream == "I write it.\n[Write]\n\n[Write]\nブロックを崩そう。"
    assert job.only("geminiCode") == {
        "type": "geminiCode",
        "mode": "create",
        "files": [{"path": "index.html", "content": PAGE}],
        "summary": "ブロックを崩そう。",
        "suggestions": [],
    }
    completed = job.only("completed")
    assert completed["result"] == {"message": "ブロックを崩そう。", "generator": "claude"}
    assert completed["job"]["status"] == "completed"
    renamed = await editor.browser.receive()
    assert (renamed["type"], renamed["project"]["name"]) == ("projectRenamed", "ブロックの海")
    assert await editor.history() == [("user", WISH), ("assistant", "ブロックを崩そう。")]


@pytest.mark.rule("ws.message.style-chosen", "http.projects.download", "http.game.injection")
async def test_what_is_kept_of_a_run_and_what_is_served_of_it(editor: Editor) -> None:
    await editor.make(
        write("game.js", SCRIPT),
        write("assets/level.json", "{}"),
        write("specs/game.md", SPEC),
        write(".claude/note.md", "mine"),
        name="Kept",
        selectedStyle=RETRO,
    )
    workspace = editor.installation.workspace(editor.project_id)
    kept = git(workspace, "ls-tree", "-r", "--name-only", "HEAD").split()
    assert kept == ["STYLE.md", "assets/level.json", "game.js", "index.html", "specs/game.md"]
    style = git(workspace, "show", "HEAD:STYLE.md")
    assert "ID: retro" in style
    assert style.strip() in editor.turns[0].user_texts[-1]

    page = await editor.game()
    assert page.headers["content-type"].startswith("text/html")
    assert "gameLoaded" in page.text
    assert page.text.endswith(PAGE.partition("<head>")[2])
    assert (await editor.game("game.js")).text == SCRIPT
    assert (await editor.game(".claude/note.md")).status_code == 404
    assert await editor.code() == PAGE
    archive = await editor.http.get(f"/api/projects/{editor.project_id}/download")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert sorted(files.namelist()) == ["assets/", "assets/level.json", "index.html"]
        assert files.read("index.html").decode() == PAGE


@pytest.mark.rule("ws.job.renamed")
async def test_without_a_spec_the_page_names_the_project(editor: Editor) -> None:
    await editor.make(name=UNNAMED)
    renamed = await editor.browser.receive()
    assert (renamed["type"], renamed["project"]["name"]) == ("projectRenamed", "Page title")


@pytest.mark.rule("ws.message.skills")
async def test_without_skills_nobody_is_asked_for_them(editor: Editor) -> None:
    await editor.create("Plain")
    editor.acts(write("index.html", PAGE))
    job = await editor.job(WISH, skipStyleSelection=True, debugOptions={"disableSkills": True})
    assert not any(text.startswith("スキル選択") for text in job.progress)
    assert editor.questions == []
    assert "<skill of=" not in editor.turns[0].user_texts[-1]


@pytest.mark.rule("ws.message.dimension-answer", "ws.progress.question", "ws.result.chat")
async def test_the_question_for_the_dimension_needs_no_model(editor: Editor) -> None:
    await editor.create("Asked")
    job = await editor.job("迷路ゲームを作って")
    assert job.only("geminiChat")["suggestions"] == ["2Dで作成", "3Dで作成"]
    assert job.only("completed")["result"]["generator"] == "gemini"
    assert (await editor.send("2Dで作成"))["type"] == "styleOptions"
    assert editor.model.requests == []

    editor.answers("[]")
    editor.acts(write("index.html", PAGE))
    await editor.job("2Dで作成", selectedStyle=RETRO)
    assert "迷路ゲームを作って" in editor.questions[0]
    assert "2Dで迷路ゲームを作って\n</request " in editor.turns[0].user_texts[-1]
