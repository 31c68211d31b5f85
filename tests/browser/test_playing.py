"""From the shelf of games to one that is played, without the editor (`contract/legacy-http.md` §2)."""

from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.async_api import Frame, expect

from tests.browser.conftest import ALICE, Site
from tests.browser.pictures import RED, sprite
from tests.browser.player import Player
from tests.browser.scripted_games import with_game
from tests.browser.tab import PHONE, opened
from tests.browser.traffic import Traffic, refused
from tests.resolvers.scripted_execution import ScriptedExecution

NOT_FOUND: Final = refused(404, "Not Found")
CLICKED: Final = """<!DOCTYPE html><html><head><title>押すゲーム</title></head><body>
<button onclick="this.textContent = 'clicked'">押す</button></body></html>"""
HERO: Final = f"/user-assets/{ALICE}/hero.png"
HEROES: Final = f"""<!DOCTYPE html><html><head><title>ヒーロー</title></head><body>
<canvas width="8" height="8"></canvas><img alt="" src="{HERO}"><script>
const picture = new Image();
picture.crossOrigin = "anonymous";
picture.onload = () => {{
  const context = document.querySelector("canvas").getContext("2d");
  context.drawImage(picture, 0, 0);
  window.pixels = [...context.getImageData(3, 0, 2, 1).data];
}};
picture.onerror = () => (window.pixels = "none");
picture.src = "{HERO}";
</script></body></html>"""


@pytest.fixture
async def http(scripted: Site) -> httpx.AsyncClient:
    """Alice's own requests."""
    headers = {"authorization": f"Bearer {scripted.token()}"}
    return httpx.AsyncClient(base_url=scripted.url, headers=headers)


async def game_in(player: Player) -> Frame:
    """The frame of the play page, with its game in it."""
    handle = await player.page.locator("#game").element_handle()
    assert handle is not None
    frame = await handle.content_frame()
    assert frame is not None
    await frame.wait_for_url("**/game/**")
    await frame.wait_for_load_state()
    return frame


async def pixels_of(game: Frame) -> object:
    """What the game has read of its picture."""
    await game.wait_for_function("window.pixels")
    return await game.evaluate("pixels")
