"""Games where they are played: in a frame of the editor, in headless Chromium."""

import struct
import zlib

import pytest
from playwright.async_api import Browser

from tests.adapters.pages.editor import editing
from tests.adapters.pages.served import GAME as ADDRESS
from tests.adapters.pages.served import Served


def a_picture(red: int, green: int, blue: int) -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes((0, red, green, blue)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, data) for kind, data in ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    )


GAME = {
    "index.html": b"""<!DOCTYPE html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="css/game.css">
</head><body><img id="still" src="img/red.png"><canvas id="c" width="1" height="1"></canvas>
<script src="js/game.js"></script><script type="module" src="js/module.js"></script>
</body></html>""",
    "css/game.css": b"body { background: rgb(1, 2, 3) url('../img/red.png'); }",
    "js/game.js": """
window.parts = ["スクリプト"];
const draw = (image) => {
  const context = document.getElementById("c").getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, 1, 1).data];
};
window.drawn = (async () => {
  const image = new Image();
  image.src = "img/red.png";
  await image.decode();
  const still = document.getElementById("still");
  await still.decode();
  return [draw(image), draw(still)];
})();
window.level = fetch("data/level.json").then((response) => response.json());
const later = document.createElement("script");
later.src = "./js/later.js";
document.body.append(later);
localStorage.setItem("best", 7);
localStorage.name = "x";
""".encode(),
    "js/later.js": b"parts.push('later');",
    "js/module.js": b"import { part } from './part.js'; parts.push(part);",
    "js/part.js": b"export const part = 'module';",
    "data/level.json": b'{"level": 3}',
    "img/red.png": a_picture(255, 0, 0),
}
FRAMES = {"the editor": 'sandbox="allow-scripts allow-same-origin"', "the play page": ""}


@pytest.mark.rule("http.game.sub-resources", "http.divergence.games-load-their-files")
@pytest.mark.parametrize("attributes", FRAMES.values(), ids=list(FRAMES))
async def test_a_game_of_many_files_runs(browser: Browser, served: Served, attributes: str) -> None:
    await served.publish(GAME)
    async with editing(browser, served, attributes) as editor:
        frame = await editor.show()
        (loaded,) = await editor.messages("gameLoaded")
        assert loaded == {"type": "gameLoaded", "success": True, "errorCount": 0, "errors": []}
        parts = await frame.evaluate("parts")
        assert parts[0] == "スクリプト"
        assert sorted(parts[1:]) == ["later", "module"]
        assert await frame.evaluate("level") == {"level": 3}
        assert await frame.evaluate("drawn") == [[255, 0, 0, 255]] * 2
        background = "getComputedStyle(document.body).backgroundColor"
        assert await frame.evaluate(background) == "rgb(1, 2, 3)"
        assert editor.foreign == []
        assert editor.failed == []


@pytest.mark.rule("http.game.sub-resources", "http.token.places")
async def test_an_address_with_a_token_opens_in_a_tab_of_its_own(
    browser: Browser, served: Served
) -> None:
    await served.publish(GAME)
    page = await browser.new_page()
    address = f"{served.address}{ADDRESS}/index.html?access_token={served.token()}"
    response = await page.goto(address)
    assert response is not None
    assert response.status == 200
    assert "access_token" not in page.url
    assert await page.evaluate("drawn") == [[255, 0, 0, 255]] * 2
    await page.close()


@pytest.mark.rule("http.game.index", "http.game.query")
async def test_a_new_version_shows_after_a_reload(browser: Browser, served: Served) -> None:
    await served.publish({"index.html": b"<head></head><script src=a.js></script>", "a.js": b"n=1"})
    async with editing(browser, served) as editor:
        assert await (await editor.show()).evaluate("n") == 1
        await served.publish({"a.js": b"n=2"})
        assert await (await editor.show()).evaluate("n") == 2


@pytest.mark.rule("http.game.sandbox", "http.divergence.games-are-locked-up")
async def test_a_game_cannot_reach_its_player(browser: Browser, served: Served) -> None:
    await served.publish({"index.html": b"<head></head>"})
    async with editing(browser, served) as editor:
        frame = await editor.show()
        told = await frame.evaluate(
            """async () => {
              const attempt = async (work) => {
                try { return String(await work()); } catch (error) { return error.name; }
              };
              return {
                origin: self.origin,
                cache: await attempt(() => localStorage.getItem("dreamcore_session_cache")),
                parent: await attempt(() => parent.localStorage.length),
                document: await attempt(() => parent.document.title),
                cookie: await attempt(() => document.cookie),
                api: await attempt(() => fetch("/api/config").then((r) => r.text())),
                addresses: [location.href, document.referrer,
                  ...performance.getEntries().map(({ name }) => name)].join(" "),
              };
            }"""
        )
        assert "access_token" not in told.pop("addresses")
        assert told == {
            "origin": "null",
            "cache": "null",
            "parent": "SecurityError",
            "document": "SecurityError",
            "cookie": "SecurityError",
            "api": "TypeError",
        }


@pytest.mark.rule("http.game.sandbox")
async def test_storage_works_for_as_long_as_the_page_lives(
    browser: Browser, served: Served
) -> None:
    await served.publish({"index.html": b"<head></head>"})
    async with editing(browser, served) as editor:
        frame = await editor.show()
        assert await frame.evaluate(
            """() => {
              localStorage.setItem("best", 7);
              localStorage.name = "x";
              const seen = [localStorage.getItem("best"), localStorage.name, localStorage.none,
                localStorage.length, Object.keys(localStorage), "best" in localStorage,
                localStorage.key(0), localStorage.getItem("none")];
              localStorage.removeItem("best");
              delete localStorage.name;
              sessionStorage.setItem("other", 1);
              return [...seen, localStorage.length, sessionStorage.length];
            }"""
        ) == ["7", "x", None, 2, ["best", "name"], True, "best", None, 0, 1]


@pytest.mark.rule("http.game.welcome", "http.game.loaded")
async def test_the_welcome_page_is_what_a_new_project_shows(
    browser: Browser, served: Served
) -> None:
    async with editing(browser, served) as editor:
        frame = await editor.show()
        assert await frame.locator("h1").inner_text() == "Welcome to Game Creator"
        (loaded,) = await editor.messages("gameLoaded")
        assert loaded["success"]
        assert editor.foreign == []
