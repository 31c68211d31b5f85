"""What a real browser sends when a page uploads, and what it makes of the answers and files."""

from typing import Any, Final

import pytest
from playwright.async_api import Browser

from tests.adapters.pages.assets.forms import SVG_WITH_SCRIPT
from tests.adapters.pages.assets.served import UPLOAD, Library

_UPLOAD: Final = """async ([address, token, script, originalName]) => {
  const file = await eval(script);
  const body = new FormData();
  body.append('file', file);
  if (originalName) body.append('originalName', originalName);
  const headers = { Authorization: `Bearer ${token}` };
  const reply = await fetch(address, { method: 'POST', headers, body });
  return [reply.status, await reply.json()];
}"""
_REDRAWN: Final = """new Promise((resolve) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 4;
  canvas.toBlob(resolve, 'image/jpeg', 0.9);
})"""
_SANDBOXED: Final = """
<iframe sandbox="allow-scripts" srcdoc="<script>
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.onerror = () => parent.postMessage('blocked', '*');
  image.onload = () => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.drawImage(image, 0, 0);
    parent.postMessage([...canvas.getImageData(0, 0, 1, 1).data].join(), '*');
  };
  image.src = '%s';
</script>"></iframe>
<script>onmessage = (event) => { document.title = event.data; };</script>
"""


async def _sent(library: Library, browser: Browser, script: str, name: str | None) -> Any:
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{library.port}/api/assets/nope")
    told = await page.evaluate(_UPLOAD, [UPLOAD, library.token(), script, name])
    await page.close()
    return told


@pytest.mark.rule(
    "http.assets.upload", "http.assets.mismatch", "http.assets.types", "http.assets.upload.name"
)
@pytest.mark.parametrize(
    ("script", "name", "alias", "shown", "media_type"),
    [
        (_REDRAWN, "勇者.png", "__.png", "勇者.png", "image/jpeg"),
        (_REDRAWN, "IMG_1.HEIC", "IMG_1_HEIC.heic", "IMG_1.HEIC", "image/jpeg"),
        (_REDRAWN, None, "blob", "blob", "image/jpeg"),
        (
            "new File(['1'], '絵 \"a\"\\n%22.png', {type: 'image/png'})",
            None,
            "___22a_22_0A_22.png",
            "絵 %22a%22%0A%22.png",
            "image/png",
        ),
        ("new File(['{}'], 'level.json')", None, "level.json", "level.json", "application/json"),
        ("new File(['1'], 'a.mp3', {type: 'audio/mpeg'})", None, "a.mp3", "a.mp3", "audio/mpeg"),
    ],
)
async def test_what_a_page_uploads_is_taken(
    library: Library,
    browser: Browser,
    script: str,
    name: str | None,
    alias: str,
    shown: str,
    media_type: str,
) -> None:
    status, answer = await _sent(library, browser, script, name)
    assert status == 200, answer
    asset = answer["asset"]
    assert (asset["alias"], asset["name"], asset["mimeType"]) == (alias, shown, media_type)


@pytest.mark.rule("http.body.form", "http.divergence.bodies-are-refused-in-json")
@pytest.mark.parametrize("mebibytes", [1, 3, 7])
async def test_a_page_reads_why_its_file_is_refused(
    library: Library, browser: Browser, mebibytes: int
) -> None:
    script = f"new File([new Uint8Array({mebibytes} * 2 ** 20)], 'song.mp3')"
    assert await _sent(library, browser, script, None) == [413, {"error": "File too large"}]
    assert library.files() == []


@pytest.mark.rule("http.active-content", "http.divergence.assets-are-inert")
async def test_an_opened_svg_shows_and_does_nothing(library: Library, browser: Browser) -> None:
    row = await library.uploaded("x.svg", SVG_WITH_SCRIPT, "image/svg+xml")
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{library.port}{row['url']}")
    # Without a type of its own it would be shown as text, without a rectangle.
    assert await page.locator("rect").count() == 1
    assert await page.title() != "active"
    assert await page.evaluate("origin") == "null"
    await page.close()


@pytest.mark.rule("http.divergence.games-read-assets")
async def test_a_game_without_an_origin_reads_the_pixels(
    library: Library, browser: Browser
) -> None:
    row = await library.uploaded()
    page = await browser.new_page()
    await page.set_content(_SANDBOXED % f"http://127.0.0.1:{library.port}{row['url']}")
    await page.wait_for_function("document.title !== ''")
    assert await page.title() == "255,0,0,255"
    await page.close()
