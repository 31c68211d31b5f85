"""Pictures on the way to a game and in it: its card on the shelf, its assets.

Source: `contract/legacy-http.md` §0.6, §1.7, §2, §5.5, §7.5.
"""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.async_api import Frame, expect

from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import ALICE, Site
from tests.browser.pictures import sprite
from tests.browser.player import Player
from tests.browser.test_chat import leave
from tests.browser.traffic import Traffic, refused
from tests.resolvers.scripted_execution import ScriptedExecution

NOT_FOUND: Final = refused(404, "Not Found")
HERO: Final = f"/user-assets/{ALICE}/hero.png"
PIXELS: Final = f"""<!DOCTYPE html><html><head><title>ヒーロー</title></head><body>
<canvas width="8" height="8"></canvas><script>
const picture = new Image();
picture.crossOrigin = "anonymous";
picture.onload = () => {{
  const context = document.querySelector("canvas").getContext("2d");
  context.drawImage(picture, 0, 0);
  window.pixels = [...context.getImageData(3, 0, 2, 1).data];
}};
picture.src = "{HERO}";
</script></body></html>"""
SHOWN: Final = f"""<!DOCTYPE html><html><head><title>ヒーロー</title></head><body>
<img alt="" src="{HERO}"><button onclick="this.textContent = 'clicked'">押す</button>
</body></html>"""
OF_ITS_PLAYER: Final = """() => {
  try { return parent.localStorage.length } catch ({ name }) { return name }
}"""


@pytest.fixture
async def http(scripted: Site) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Alice's requests beside her browser."""
    headers = {"authorization": f"Bearer {scripted.token()}"}
    async with httpx.AsyncClient(base_url=scripted.url, headers=headers) as client:
        yield client


async def made(player: Player, execution: ScriptedExecution, directory: Path, page: str) -> str:
    """A project with the game; gives its id."""
    project_id = await player.create_project()
    await player.begin()
    await leave(player, execution, Source(directory), page)
    return project_id


async def uploaded(http: httpx.AsyncClient) -> str:
    """The id of the picture that the game shows."""
    file = {"file": ("hero.png", sprite()["buffer"], "image/png")}
    asset = (await http.post("/api/assets/upload", files=file)).json()["asset"]
    assert asset["url"] == HERO
    asset_id: str = asset["id"]
    return asset_id


async def played(player: Player) -> Frame:
    """The frame of the play page, with its game in it."""
    await expect(player.page.frame_locator("#game").locator("canvas")).to_be_visible()
    handle = await player.page.locator("#game").element_handle()
    assert handle is not None
    game = await handle.content_frame()
    assert game is not None
    return game


@pytest.mark.rule("http.thumbnail.public", "http.projects.description")
async def test_a_card_with_picture_and_words_leads_to_a_game_with_pictures(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    async with scripted.player() as player:
        await uploaded(http)
        project_id = await made(player, execution, tmp_path / "source", PIXELS)
        draft = {"title": "T", "description": "赤い人"}
        saved = await http.put(f"/api/projects/{project_id}/publish-draft", json=draft)
        file = {"thumbnail": ("thumbnail.png", sprite()["buffer"], "image/png")}
        kept = await http.post(f"/api/projects/{project_id}/upload-thumbnail", files=file)
        assert (saved.status_code, kept.status_code) == (200, 200)

        await player.page.goto(f"{scripted.url}/mypage.html")
        card = player.page.get_by_role("button", name="ヒーロー")
        await expect(card).to_contain_text("赤い人")
        await expect(card.locator("img")).to_have_js_property("naturalWidth", 8)
        await card.click()
        await player.page.wait_for_url(f"**/play/{project_id}")
        game = await played(player)
        await game.wait_for_function("window.pixels")
        assert await game.evaluate("pixels") == [255, 0, 0, 255, 0, 0, 0, 0]
        assert await game.evaluate(OF_ITS_PLAYER) == "SecurityError"


@pytest.mark.rule("http.assets.delete", "http.divergence.games-read-assets")
async def test_a_game_goes_on_without_an_asset_that_was_deleted(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    async with scripted.player(forgiving=True) as player:
        asset_id = await uploaded(http)
        project_id = await made(player, execution, tmp_path / "source", SHOWN)
        await player.page.goto(f"{scripted.url}/play/{project_id}")
        game = player.page.frame_locator("#game")
        await expect(game.locator("img")).to_have_js_property("naturalWidth", 8)
        assert player.tab.complaints == []

        traffic = Traffic(player)
        assert (await http.delete(f"/api/assets/{asset_id}")).status_code == 200
        await player.page.reload()
        await traffic.complained(NOT_FOUND)
        await expect(game.locator("img")).to_have_js_property("naturalWidth", 0)
        await game.get_by_role("button").click()
        await expect(game.get_by_role("button")).to_have_text("clicked")
