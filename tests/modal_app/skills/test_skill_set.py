"""Our own skills: their form, their size, and code that a browser can read."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from playwright.async_api import Browser

import modal_app.skills
from modal_app.skills import FILE, MAX_CHARACTERS, install_skills, lay_out_skills, read_skills
from schema.helper_calls import MAX_SELECTED_SKILLS

NAMES = ("audio", "canvas-2d", "images", "p5js", "polish", "threejs", "touch")
SET = Path(modal_app.skills.__file__).with_name("skill_set")
LIBRARIES = (
    "https://cdn.jsdelivr.net/npm/p5@1.11.10/",
    "https://cdn.jsdelivr.net/npm/three@0.170.0/",
)


def text_of(name: str) -> str:
    return (SET / name / FILE).read_text(encoding="utf-8")


def js_of(name: str) -> list[str]:
    return re.findall(r"```js\n(.*?)```", text_of(name), re.DOTALL)


def test_the_set_is_these() -> None:
    assert tuple(sorted(path.parent.name for path in SET.glob(f"*/{FILE}"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_skill_says_its_name_and_purpose_first(name: str, tmp_path: Path) -> None:
    head = re.match(r"---\nname: (.+)\ndescription: (.+)\n---\n\n# ", text_of(name))
    assert head is not None
    assert head[1] == name
    install_skills(tmp_path / "shared")
    assert lay_out_skills(tmp_path / "shared", tmp_path / "work")[name] == head[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_skill_is_short_and_names_no_host_but_its_librarys(name: str) -> None:
    text = text_of(name)
    assert 60 <= len(text.splitlines()) <= 150
    hosts = re.findall(r"https?://\S+", text)
    assert all(host.startswith(LIBRARIES) for host in hosts)


def test_as_many_as_a_message_can_be_given_are_told_in_full(tmp_path: Path) -> None:
    install_skills(tmp_path)
    for names in combinations(NAMES, MAX_SELECTED_SKILLS):
        assert tuple(read_skills(tmp_path, names)) == names
    assert sum(map(len, read_skills(tmp_path, NAMES).values())) <= MAX_CHARACTERS


@pytest.mark.parametrize("name", NAMES)
async def test_its_code_is_code(name: str, browser: Browser) -> None:
    blocks = js_of(name)
    assert blocks
    page = await browser.new_page()
    try:
        for code in blocks:
            await page.evaluate("code => void new Function(code)", code)
    finally:
        await page.close()


GAME = """
let presses = 0;
function update(dt) { stepBits(dt); }
function draw(pen) {
  shaken(pen, 1 / 60, drawBits);
  paint(pen, "fox", 50, 50, 20, 20, (p, x, y, w, h) => p.fillRect(x, y, w, h));
  pen.drawImage(sprite(10, (p, size) => p.fillRect(0, 0, size, size)), 5, 5);
}
function pressed(name) {
  presses += 1;
  burst(100, 100, "red");
  shake = 8;
  sound.tone({ from: 260, to: 620, seconds: 0.16 });
  sound.noise({ seconds: 0.1 });
  sound.mute(true);
}
picture("fox", "data:image/png;base64,broken");
"""


async def test_a_game_of_their_parts_runs(browser: Browser) -> None:
    """The parts fit each other: canvas, touch, sound, effects and pictures in one page."""
    names = ("canvas-2d", "touch", "audio", "polish", "images")
    code = "\n".join(block for name in names for block in js_of(name))
    body = re.findall(r"```html\n(.*?)```", text_of("canvas-2d"), re.DOTALL)[0]
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(error.message))
    try:
        await page.set_content(f"{body}<script>{code}\n{GAME}</script>")
        await page.keyboard.press("Space")
        await page.mouse.move(200, 200)
        await page.mouse.down()
        await page.mouse.move(240, 200)
        assert await page.evaluate("[presses, input.x > 0, bits.length > 0]") == [1, True, True]
        await page.mouse.up()
        assert await page.evaluate("input.x") == 0
        await page.wait_for_function("bits.length === 0")
    finally:
        await page.close()
    assert complaints == []
