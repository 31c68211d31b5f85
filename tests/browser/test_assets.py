"""Assets in the editor: uploaded, found, put into messages, used by a game, deleted.

Source: `contract/legacy-http.md` §1.6, §2, §5.4.
"""

import asyncio
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Frame, Locator, expect

from schema.execution import Done
from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import ALICE, Site
from tests.browser.pictures import animation, photograph, sound, sprite
from tests.browser.player import Player
from tests.browser.tab import PHONE
from tests.browser.traffic import Traffic, refused
from tests.resolvers.scripted_execution import ScriptedExecution

HERO: Final = f"/user-assets/{ALICE}/hero.png"
GAME: Final = f"""<!DOCTYPE html><html><head><title>Hero</title></head><body>
<canvas width="8" height="8"></canvas><img alt="" src="{HERO}"><script>
const picture = new Image();
picture.crossOrigin = "anonymous";
picture.onload = () => {{
  const canvas = document.querySelector("canvas").getContext("2d");
  canvas.drawImage(picture, 0, 0);
  window.pixels = [...canvas.getImageData(3, 0, 2, 1).data];
}};
picture.src = "{HERO}";
</script></body></html>"""


async def opened(player: Player) -> Locator:
    """The dialog with the assets, and its list loaded."""
    await player.click("アセット")
    dialog = player.page.get_by_role("dialog", name="アセット", exact=True)
    await expect(dialog.get_by_role("listitem").first).to_be_visible()
    return dialog


async def hold(dialog: Locator, *names: str) -> None:
    """The list is these assets, and every picture of it is there."""
    await expect(dialog.locator(".name")).to_have_text(list(names))
    for picture in await dialog.locator("img").all():
        await expect(picture).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.rule("http.assets.upload", "http.assets.list", "http.assets.search")
async def test_assets_are_uploaded_found_and_deleted(scripted: Site) -> None:
    async with scripted.player() as player:
        await player.create_project()
        traffic = Traffic(player)
        dialog = await opened(player)
        await expect(dialog.get_by_text("アセットがありません")).to_be_visible()
        assert traffic.calls == ["GET assets", "GET search"]

        files = [sprite(), photograph("空.png", 600, 400), sound("jump.mp3", 1_000)]
        await dialog.get_by_label("アップロード").set_input_files(files)
        await hold(dialog, "jump.mp3", "空.png", "hero.png")
        assert traffic.calls[2:] == ["POST upload"] * 3 + ["GET assets", "GET search"]
        await expect(dialog.locator(".used")).to_have_text(["新しいゲーム"] * 3)

        await dialog.get_by_label("アセットを検索").fill("HERO")
        await dialog.get_by_role("button", name="検索").click()
        await hold(dialog, "hero.png")
        await dialog.get_by_label("アセットを検索").fill("")
        await dialog.get_by_role("button", name="検索").click()
        await hold(dialog, "jump.mp3", "空.png", "hero.png")

        # What was uploaded is chosen; only the picture of the sky shall go.
        await dialog.get_by_role("checkbox", name="hero.png").uncheck()
        await dialog.get_by_role("checkbox", name="jump.mp3").uncheck()
        await dialog.get_by_role("button", name="選んだものを削除").click()
        await player.click("削除する")
        await hold(dialog, "jump.mp3", "hero.png")
        await player.reload()
        await hold(await opened(player), "jump.mp3", "hero.png")


@pytest.mark.rule("http.assets.mismatch", "http.assets.names")
async def test_an_opaque_picture_comes_as_a_jpeg_under_its_own_name(scripted: Site) -> None:
    async with scripted.player() as player:
        await player.create_project()
        dialog = await opened(player)
        files = [photograph("空.png", 3_000, 1_500)]
        async with player.page.expect_response("**/upload") as uploaded:
            await dialog.get_by_label("アップロード").set_input_files(files)
        asset = (await (await uploaded.value).json())["asset"]
        told = (asset["name"], asset["alias"], asset["mimeType"])
        assert told == ("空.png", "_.png", "image/jpeg")
        picture = dialog.locator("img")
        await expect(picture).to_have_js_property("naturalWidth", 2_048)
        await expect(picture).to_have_js_property("naturalHeight", 1_024)


async def pixels_of(game: Frame) -> list[int]:
    """What the game has read of its picture."""
    await game.wait_for_function("window.pixels")
    pixels: list[int] = await game.evaluate("pixels")
    return pixels


@pytest.mark.rule("http.assets.alias", "http.divergence.games-read-assets", "ws.message.history")
async def test_an_asset_goes_into_a_message_and_into_the_game(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    source = Source(tmp_path / "source")
    async with scripted.player() as player:
        await player.create_project()
        message = player.page.get_by_label("メッセージ", exact=True)
        await message.fill("2Dでゲームを作って")
        dialog = await opened(player)
        await dialog.get_by_label("アップロード").set_input_files([sprite()])
        await hold(dialog, "hero.png")
        await dialog.get_by_role("button", name="メッセージに入れる").click()
        words = f"1：画像「hero.png」を使用: {HERO}\n\n2Dでゲームを作って"
        await expect(message).to_have_value(words)
        job_id = await player.begin(words)
        assert player.tab.sent("message")[-1]["content"] == words
        await execution.started.wait()
        assert HERO in execution.requests[-1].message

        version = await asyncio.to_thread(source.commit, {"index.html": GAME.encode()})
        execution.pages[player.project_id] = await asyncio.to_thread(source.bundle)
        execution.say(job_id, Done("できました", version=version, created=True))
        await expect(player.bubbles("できました")).to_have_count(1)
        game = await player.playing()
        assert await game.evaluate("origin") == "null"
        assert await pixels_of(game) == [255, 0, 0, 255, 0, 0, 0, 0]
        await expect(game.locator("img")).to_have_js_property("naturalWidth", 8)

        await player.reload()
        await expect(player.bubbles(HERO)).to_have_count(1)
        assert await pixels_of(await player.playing()) == [255, 0, 0, 255, 0, 0, 0, 0]


@pytest.mark.rule("http.assets.size", "http.body.form")
async def test_a_file_that_is_refused_is_told_and_the_next_one_works(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        await player.create_project()
        traffic = Traffic(player)
        dialog = await opened(player)
        upload = dialog.get_by_label("アップロード")
        await upload.set_input_files([sound("long.mp3", 2**20)])
        await expect(dialog.get_by_role("alert")).to_have_text("エラー: File too large")
        await traffic.complained(refused(413, "Request Entity Too Large"))
        await upload.set_input_files([sound("short.mp3", 2**20 - 1)])
        await hold(dialog, "short.mp3")
        await expect(dialog.get_by_role("alert")).to_be_hidden()
        assert await traffic.answered("POST /upload", 2) == [413, 200]


@pytest.mark.rule("http.assets.upload")
async def test_a_large_animation_is_refused_before_it_is_sent(scripted: Site) -> None:
    async with scripted.player() as player:
        await player.create_project()
        traffic = Traffic(player)
        dialog = await opened(player)
        await dialog.get_by_label("アップロード").set_input_files([animation("big.gif", 400_000)])
        alert = dialog.get_by_role("alert")
        await expect(alert).to_have_text("エラー: big.gif は300KBを超えています")
        assert traffic.asked("POST /upload") == []


@pytest.mark.rule("http.assets.list")
async def test_the_assets_fit_on_a_phone(scripted: Site) -> None:
    async with scripted.player(**PHONE) as player:
        await player.create_project()
        dialog = await opened(player)
        files = [sprite(f"sprite-{number}.png") for number in range(9)]
        await dialog.get_by_label("アップロード").set_input_files(files)
        await expect(dialog.get_by_role("listitem")).to_have_count(9)
        box = await dialog.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
        await expect(dialog.get_by_role("button", name="閉じる")).to_be_in_viewport()
