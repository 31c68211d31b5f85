"""Pictures in games, uploaded and drawn, and words for a game's page, with the real CLI."""

import json
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.e2e.conftest import with_claude
from tests.e2e.legacy_editor import PAGE, SPEC, WISH, Editor, edit, opened, read, write
from tests.e2e.legacy_painter import KEY, SUBJECT, Painter, painting, picture
from tests.e2e.processes import execution_pid
from tests.model_stub.gate import Gate
from tests.model_stub.script import Reply, Text
from tests.model_stub.server import ModelStub

FOX = '<img src="assets/fox.png"><img src="./assets/owl.png">'
WANTED = {
    "images": [
        {"name": "fox.png", "prompt": "a red fox"},
        {"name": "owl.png", "prompt": "a grey owl"},
    ]
}
INFO = {
    "title": "ブロックの海",
    "description": "波の中でブロックを崩そう。",
    "howToPlay": "矢印で動く。",
    "tags": ["ブロック", "アクション", "海"],
}


async def upload(editor: Editor, name: str, **fields: str) -> str:
    """The address of a new asset."""
    response = await editor.http.post(
        "/api/assets/upload", files={"file": (name, picture(), "image/png")}, data=fields
    )
    assert response.status_code == 200, response.text
    address: str = response.json()["asset"]["url"]
    return address


@pytest.mark.rule("http.assets.upload", "http.assets.alias", "ws.message.history")
async def test_an_attached_picture_reaches_the_agent_and_nothing_else_of_the_user_does(
    editor: Editor,
) -> None:
    await editor.create("Secret plan")
    editor.answers("chat", "ひみつの答え")
    await editor.job("ひみつの質問")
    await upload(editor, "elsewhere.png", projectId=editor.project_id)
    await upload(editor, "nowhere.png")
    await editor.make(name="Open plan")
    address = await upload(editor, "宇宙船.png", projectId=editor.project_id)
    editor.model.requests.clear()

    message = f"1：画像「宇宙船.png」を使用: {address}\n\n敵をこの画像にして"
    editor.answers("edit", '["images"]')
    editor.acts(
        read("index.html"), edit("index.html", "speed 1", f'<img src="{address}">'), saying="はい"
    )
    job = await editor.job(message)
    assert job.progress[1] == "スキル選択: canvas-2d, images"
    prompt = editor.turns[0].user_texts[-1]
    assert f"宇宙船.png (image/png): {address}\n</assets " in prompt
    assert f"{message}\n</request " in prompt
    said = repr(editor.model.requests)
    for private in ("elsewhere", "nowhere", "Secret", "ひみつ", editor.token, "developer@"):
        assert private not in said

    assert f'<img src="{address}">' in (await editor.game()).text
    served = await editor.http.get(address, headers={"Authorization": ""})
    assert (served.content, served.headers["content-type"]) == (picture(), "image/png")
    assert (await editor.history())[-2:] == [("user", message), ("assistant", "はい")]


@pytest.mark.rule("http.publish-info")
async def test_the_words_for_a_page_are_the_models(editor: Editor) -> None:
    await editor.make(write("specs/game.md", SPEC), name="海のゲーム")
    editor.answers(f"Here you are:\n{json.dumps(INFO, ensure_ascii=False)}")
    path = f"/api/projects/{editor.project_id}/generate-publish-info"
    response = await editor.http.post(path, json={})
    assert (response.status_code, response.json()) == (200, INFO)
    for known in ("海のゲーム", "ブロックの海", "speed 1"):
        assert known in editor.questions[-1]

    fallen_back = await editor.http.post(path, json={})  # the model has no answer any more
    assert fallen_back.status_code == 200
    assert {**INFO, **fallen_back.json()} == fallen_back.json()
    assert fallen_back.json()["title"] == "海のゲーム"


@pytest.fixture
async def painter() -> AsyncGenerator[Painter, None]:
    async with painting() as running:
        yield running


@pytest.fixture
async def gallery(
    data: Path, cli: Path, stub: ModelStub, painter: Painter
) -> AsyncGenerator[Editor, None]:
    """A page of a gateway that can have pictures drawn."""
    installation = with_claude(data, cli, stub)
    variables = {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": painter.url}
    async with (
        installation.serving(**variables) as gateway,
        opened(gateway, installation, stub) as page,
    ):
        yield page


@pytest.mark.rule("ws.frame.imagesGenerated", "ws.versions.images")
async def test_pictures_that_the_agent_asks_for_are_drawn_and_shown(
    gallery: Editor, painter: Painter
) -> None:
    page = PAGE.replace("speed 1", FOX)
    await gallery.create("Fox")
    gallery.answers('["images"]')
    gallery.model.extend(
        Reply(write("index.html", page), write("assets/requests.json", json.dumps(WANTED))),
        Reply(Text("きつねです。")),
    )
    job = await gallery.job(WISH, skipStyleSelection=True)
    fox, owl = (f"/user-assets/{gallery.user_id}/{name}.png" for name in ("fox", "owl"))
    assert job.only("imagesGenerated") == {
        "type": "imagesGenerated",
        "images": {"fox.png": fox, "owl.png": owl},
        "message": f"画像を生成しました:\n- fox.png: {fox}\n- owl.png: {owl}",
    }
    assert job.progress[-2:] == ["画像生成中: fox.png (1/2)", "画像生成中: owl.png (2/2)"]
    assert job.types[-3:] == ["geminiCode", "completed", "gameUpdated"]
    assert [prompt.splitlines()[0] for prompt in painter.prompts] == ["a red fox", "a grey owl"]
    assert painter.keys == {KEY}
    assert await gallery.code() == page.replace("assets/fox.png", fox).replace(
        "./assets/owl.png", owl
    )
    listed = (await gallery.http.get("/api/assets")).json()["assets"]
    assert {(row["alias"], row["projects"][0]["name"]) for row in listed} == {
        ("fox.png", "Fox"),
        ("owl.png", "Fox"),
    }
    drawn = await gallery.http.get(fox, headers={"Authorization": ""})
    image = Image.open(BytesIO(drawn.content)).convert("RGBA")
    assert image.getpixel((image.width // 2, image.height // 2)) == (*SUBJECT, 255)
    assert image.width < 24  # the background is cut away

    # The prompt tells that they can be made; the key stays with the gateway.
    assert "Images can be made" in gallery.turns[0].user_texts[-1]
    execution = psutil.Process(execution_pid(gallery.installation.data))
    assert KEY not in execution.environ().values()
    assert "assets/requests.json" not in (await gallery.game()).text

    # One version, whose page shows the images.
    [version] = (await gallery.selected())["versions"]
    assert version["message"] == WISH
    gallery.answers("edit", "[]")
    gallery.acts(write("index.html", PAGE), saying="直しました。")
    await gallery.job("もっと速くして")
    _, before = (await gallery.selected())["versions"]
    assert before == {**version, "number": 2}
    asked = {"projectId": gallery.project_id, "versionId": before["id"]}
    await gallery.browser.ask(type="restoreVersion", **asked)
    assert fox in await gallery.code()


async def test_without_its_pictures_the_game_is_there_all_the_same(
    gallery: Editor, painter: Painter
) -> None:
    painter.status = 500
    await gallery.make(write("assets/requests.json", json.dumps(WANTED)))
    assert len(painter.prompts) == 2
    assert await gallery.code() == PAGE
    assert (await gallery.http.get("/api/assets")).json()["assets"] == []


@pytest.mark.rule("ws.cancel.ended")
async def test_whoever_stops_the_drawing_keeps_the_game(gallery: Editor, painter: Painter) -> None:
    painter.gate = Gate()
    await gallery.create("Stopped")
    gallery.answers("[]")
    requests = write("assets/requests.json", json.dumps(WANTED))
    gallery.acts(write("index.html", PAGE), requests)
    started = await gallery.send(WISH, skipStyleSelection=True)
    await painter.gate.reached.wait()
    await gallery.browser.send({"type": "cancel", "jobId": started["job"]["id"]})
    received = await gallery.browser.until("cancelled")
    assert [f["type"] for f in received[-4:]] == [
        *("geminiCode", "completed", "gameUpdated", "cancelled"),
    ]
    assert received[-1]["job"]["status"] == "completed"
    assert len(painter.prompts) == 1
    assert await gallery.code() == PAGE
    painter.gate.release()
