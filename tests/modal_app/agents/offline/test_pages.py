"""The page around a game, in a real browser: screens, clock, frames and hostile words."""

import html
from pathlib import Path

import pytest

from modal_app.agents.offline import page as game_page
from modal_app.agents.offline.palette import COLOUR_VALUES
from modal_app.agents.offline.vocabulary import GAMES
from tests.modal_app.agents.offline.arcade import Arcade, game_for
from tests.modal_app.agents.offline.conversation import Conversation


async def test_real_time_moves_the_game(arcade: Arcade) -> None:
    machine = await arcade.open("flappy bird")
    await machine.page.evaluate("game.resume()")
    await machine.page.keyboard.press("Space")
    await machine.page.wait_for_function("game.state.phase === 'over'")


async def test_phases_are_announced_on_the_document(arcade: Arcade) -> None:
    machine = await arcade.open("flappy bird")
    await machine.page.evaluate(
        """() => {
          window.phases = [];
          document.addEventListener("gamestate", (event) => phases.push(event.detail.phase));
        }"""
    )
    await machine.page.keyboard.press("Space")
    await machine.until_the_end()
    assert await machine.page.evaluate("phases") == ["playing", "over"]


async def test_pause_stops_the_game_and_shows_it(arcade: Arcade) -> None:
    machine = await arcade.open("a runner")
    await machine.page.keyboard.press("Space")
    await machine.page.locator("#pause").click()
    before = await machine.state()
    assert before["phase"] == "paused"
    assert await machine.page.locator("#card").is_visible()
    assert await machine.advance(5_000) == before
    await machine.page.keyboard.press("p")
    assert (await machine.advance(1_000))["score"] != before["score"]


async def test_a_hidden_page_pauses(arcade: Arcade) -> None:
    machine = await arcade.open("a runner")
    await machine.page.keyboard.press("Space")
    await machine.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert (await machine.state())["phase"] == "paused"


async def test_the_best_score_is_kept(arcade: Arcade) -> None:
    machine = await arcade.open("a runner")
    await machine.page.keyboard.press("Space")
    best = (await machine.until_the_end())["score"]
    assert best > 0
    await machine.page.reload()
    await machine.advance(0)
    assert (await machine.state())["best"] == best
    assert str(best) in await machine.page.locator("#best").inner_text()


async def test_state_cannot_be_written(arcade: Arcade) -> None:
    machine = await arcade.open("a runner")
    await machine.page.evaluate("() => { try { game.state.score = 99; } catch {} }")
    assert (await machine.state())["score"] == 0


@pytest.mark.parametrize(
    ("prompt", "start", "end"),
    [("flappy bird", "Start", "GAME OVER"), ("フラッピーゲーム", "スタート", "ゲームオーバー")],
)
async def test_the_screens_speak_the_language_of_the_prompt(
    arcade: Arcade, prompt: str, start: str, end: str
) -> None:
    machine = await arcade.open(prompt, "phone")
    assert await machine.page.locator("html").get_attribute("lang") == machine.parameters.language
    assert await machine.page.locator("#start").inner_text() == start
    await machine.page.locator("#start").tap()
    await machine.until_the_end()
    assert await machine.page.locator("#kicker").inner_text() == end


@pytest.mark.parametrize("game", GAMES)
async def test_it_plays_in_a_sandboxed_frame_without_storage(arcade: Arcade, game: str) -> None:
    content = html.escape(game_page.render(game_for(f"{game} flappy" if game == "flyer" else game)))
    page = await arcade.open_page(
        f'<iframe sandbox="allow-scripts" width=800 height=600 srcdoc="{content}"></iframe>',
        "desktop",
    )
    frame = page.frames[1]
    await frame.locator("#start").click()
    await frame.wait_for_function("game.state.phase === 'playing'")
    state = await frame.evaluate("game.advance(300000)")
    assert state["phase"] == "over"
    assert state["game"] == game


@pytest.mark.parametrize(
    "title", ["</script><img src=x onerror=alert(1)>", "<b>{{script}}</b> & 'quotes'"]
)
async def test_a_hostile_title_is_only_shown(arcade: Arcade, title: str) -> None:
    machine = await arcade.open(f"a runner called 「{title}」")
    assert await machine.page.title() == title
    assert await machine.page.locator("h1").inner_text() == title
    assert await machine.page.locator("img, b").count() == 0


async def test_an_edit_by_message_is_seen_in_the_browser(arcade: Arcade, tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    shares = []
    for message in ("a neon breakout game", "make the paddle green", "タイトルを「緑の壁」にして"):
        await conversation.say(message)
        page = await arcade.open_page(conversation.page, "desktop")
        machine = await arcade.machine(page, conversation.parameters)
        shares.append(await machine.share_of(COLOUR_VALUES["green"]))
    assert shares[0] < 0.0001 < 0.001 < shares[1] == shares[2]
    assert await machine.page.title() == "緑の壁"
    assert await machine.page.locator("h1").inner_text() == "緑の壁"


async def test_difficulty_is_felt(arcade: Arcade) -> None:
    lives = [
        (await (await arcade.open(f"{difficulty} breakout")).state())["lives"]
        for difficulty in ("easy", "normal", "hard")
    ]
    assert lives == [4, 3, 2]


async def test_a_turned_phone_keeps_the_round(arcade: Arcade) -> None:
    machine = await arcade.open("a space shooter", "phone")
    await machine.page.keyboard.press("Space")
    await machine.advance(1_000)
    await machine.page.set_viewport_size({"width": 844, "height": 390})
    await machine.page.wait_for_function("document.getElementById('canvas').clientWidth > 600")
    assert (await machine.advance(100))["phase"] == "playing"
    box = await machine.page.locator("#canvas").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 390


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (320, 568), (844, 390)])
async def test_every_button_is_large_enough_and_inside_the_screen(
    arcade: Arcade, size: tuple[int, int]
) -> None:
    machine = await arcade.open("かわいいネオンのブロック崩しを作って", "phone")
    await machine.page.set_viewport_size({"width": size[0], "height": size[1]})
    for name in ("#start", "#mute", "#pause"):
        box = await machine.page.locator(name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]


async def test_a_japanese_title_is_not_broken_inside_a_word(arcade: Arcade) -> None:
    machine = await arcade.open("宇宙シューティングを作って")
    lines = await machine.page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.getElementById("title"));
          return range.getClientRects().length;
        }"""
    )
    assert lines == 1
