"""The six games in a real browser: they can be played, and they end."""

from typing import get_args

import msgspec
import pytest

from modal_app.agents.offline.palette import themed
from modal_app.agents.offline.vocabulary import GAMES
from tests.modal_app.agents.offline.arcade import Arcade, Machine, Screen, State, game_for

PROMPTS = {
    "breakout": "a neon breakout game",
    "snake": "a pink snake game",
    "shooter": "a blue space shooter",
    "flyer": "an ocean flappy bird",
    "runner": "a sunset runner",
    "memory": "a candy memory game",
}
TITLES = {
    "breakout": "Neon Breakout",
    "snake": "Pink Snake",
    "shooter": "Blue Space Shooter",
    "flyer": "Ocean Flappy Bird",
    "runner": "Sunset Runner",
    "memory": "Candy Memory",
}
KEYS = {
    "breakout": ("ArrowLeft",),
    "snake": ("ArrowDown", "ArrowLeft"),
    "shooter": ("ArrowLeft", "ArrowUp", "d"),
    "flyer": ("Space",),
    "runner": ("w",),
    "memory": ("ArrowRight", "ArrowDown", "ArrowDown"),
}
SCREENS: tuple[Screen, ...] = get_args(Screen)

_FITS = """() => {
  const { scrollWidth, scrollHeight } = document.scrollingElement;
  const card = document.getElementById("card").getBoundingClientRect();
  const canvas = document.getElementById("canvas");
  return {
    page: scrollWidth <= innerWidth && scrollHeight <= innerHeight,
    card: card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight,
    pixels: Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) <= 1,
  };
}"""

every_game = pytest.mark.parametrize("game", GAMES)
every_screen = pytest.mark.parametrize("screen", SCREENS)


def test_a_prompt_for_every_game() -> None:
    assert [game_for(prompt).game for prompt in PROMPTS.values()] == list(GAMES)


@every_game
async def test_keys_move_the_player(arcade: Arcade, game: str) -> None:
    idle, played = await arcade.open(PROMPTS[game]), await arcade.open(PROMPTS[game])
    for machine in (idle, played):
        assert (await machine.state())["phase"] == "ready"
        await machine.page.keyboard.press("Enter")
        assert (await machine.advance(100))["phase"] == "playing"
    steered = await played.play(*KEYS[game], milliseconds=150)
    alone = await idle.advance(150 * len(KEYS[game]))
    assert steered["player"] != alone["player"]


@every_game
async def test_fingers_move_the_player_on_a_phone(arcade: Arcade, game: str) -> None:
    idle = await arcade.open(PROMPTS[game], "phone")
    played = await arcade.open(PROMPTS[game], "phone")
    for machine in (idle, played):
        await machine.page.locator("#start").tap()
        assert (await machine.advance(100))["phase"] == "playing"
    await played.finger("touchStart", (0.2, 0.8))
    await played.finger("touchMove", (0.15, 0.6))
    await played.advance(150)
    await played.finger("touchEnd")
    await played.tap(0.6, 0.5)
    assert (await played.advance(150))["player"] != (await idle.advance(300))["player"]


@every_screen
@every_game
async def test_an_end_is_reachable_and_a_new_round_begins(
    arcade: Arcade, game: str, screen: Screen
) -> None:
    machine = await arcade.open(PROMPTS[game], screen)
    await machine.page.keyboard.press("Space")
    state = await machine.until_the_end()
    assert state["phase"] == "over"
    assert await machine.page.locator("#kicker").inner_text() == "GAME OVER"
    assert str(state["score"]) in await machine.page.locator("#result").inner_text()
    await machine.page.keyboard.press("Space")
    assert (await machine.state())["phase"] == "over", "a restart by accident"
    await machine.advance(600)
    await machine.page.locator("#start").click()
    assert (await machine.state())["phase"] == "playing"
    assert (await machine.state())["score"] == 0


@every_screen
@every_game
async def test_title_and_colours_match_the_prompt_and_all_fits(
    arcade: Arcade, game: str, screen: Screen
) -> None:
    machine = await arcade.open(PROMPTS[game], screen)
    page, palette = machine.page, machine.parameters.palette
    assert await page.title() == TITLES[game]
    assert await page.locator("h1").inner_text() == TITLES[game]
    assert await page.evaluate(_FITS) == {"page": True, "card": True, "pixels": True}
    await page.keyboard.press("Space")
    await machine.advance(50)
    assert await machine.share_of(palette.background) > 0.02
    assert await machine.share_of(palette.primary) > 0.0005


@every_game
async def test_every_edit_changes_the_picture(arcade: Arcade, game: str) -> None:
    original = game_for(PROMPTS[game])
    edits = (
        msgspec.structs.replace(original, palette=themed("red")),
        msgspec.structs.replace(original, size=1.5),
        msgspec.structs.replace(original, speed=2.0),
    )
    pictures = set()
    for parameters in (original, *edits):
        machine = await arcade.open(parameters)
        await machine.page.keyboard.press("Space")
        await machine.advance(400)
        pictures.add(await machine.picture())
    assert len(pictures) == 1 + len(edits)


@every_game
async def test_the_same_inputs_play_the_same_round(arcade: Arcade, game: str) -> None:
    states: list[State] = []
    for _ in range(2):
        machine = await arcade.open(PROMPTS[game])
        await machine.page.keyboard.press("Space")
        await machine.play(*KEYS[game])
        states.append(await machine.advance(700))
    assert states[0] == states[1]


async def score(machine: Machine) -> int:
    return int((await machine.state())["score"])


async def test_breakout_can_be_won_by_following_the_ball(arcade: Arcade) -> None:
    machine = await arcade.open("an easy breakout with a huge paddle")
    won = await machine.page.evaluate(
        """() => {
          const key = (type, code) => dispatchEvent(new KeyboardEvent(type, { code }));
          key("keydown", "Space");
          for (let step = 0; step < 60000 && game.state.phase === "playing"; step++) {
            const { ball, player, left } = game.state;
            const aim = ball.x + Math.sin(step / 90 + left) * 30;
            key(aim < player.x - 4 ? "keydown" : "keyup", "ArrowLeft");
            key(aim > player.x + 4 ? "keydown" : "keyup", "ArrowRight");
            game.advance(1000 / 60);
          }
          return game.state;
        }"""
    )
    assert won["phase"] == "won"
    assert won["stage"] == 4


async def test_memory_is_won_by_remembering(arcade: Arcade) -> None:
    machine = await arcade.open(PROMPTS["memory"], "phone")
    await machine.page.keyboard.press("Space")
    state = await machine.advance(20)
    columns, seen = state["columns"], dict[int, int]()

    async def look(index: int) -> int | None:
        state = await machine.state()
        for name, key in (("y", "ArrowDown"), ("x", "ArrowRight")):
            goal = index // columns if name == "y" else index % columns
            size = state["rows"] if name == "y" else columns
            for _ in range((goal - state["player"][name]) % size):
                await machine.page.keyboard.press(key)
        await machine.page.keyboard.press("Enter")
        face: int | None = (await machine.state())["cards"][index]["face"]
        return face

    for index in range(0, len(state["cards"]), 2):
        for card in (index, index + 1):
            face = await look(card)
            if face is not None:
                seen[card] = face
        await machine.advance(900)
    for face in sorted(set(seen.values())):
        pair = [card for card, shown in seen.items() if shown == face]
        if not (await machine.state())["cards"][pair[0]]["found"]:
            for card in pair:
                await look(card)
            await machine.advance(900)
    assert (await machine.state())["phase"] == "won"
    assert await score(machine) > 800


AUTOPILOTS = {
    "flyer": "({ player, gates }) => player.y > gates[0].y + 22 && 'Space'",
    "runner": """({ player, obstacles, ground }) => player.y === ground && obstacles.some(
        ({ x }) => x > player.x && x - player.x < 48) && 'Space'""",
    "snake": """({ player, food }) => food.y !== player.y
        ? (food.y > player.y ? 'ArrowDown' : 'ArrowUp')
        : (food.x > player.x ? 'ArrowRight' : 'ArrowLeft')""",
    "shooter": """({ player, enemies }) => {
        const target = enemies.toSorted((one, other) => other.y - one.y)[0];
        return target && (target.x > player.x ? 'ArrowRight' : 'ArrowLeft');
    }""",
}


@pytest.mark.parametrize(
    ("game", "least"), [("flyer", 100), ("runner", 300), ("snake", 50), ("shooter", 300)]
)
async def test_a_simple_player_scores(arcade: Arcade, game: str, least: int) -> None:
    machine = await arcade.open(f"an easy game: {PROMPTS[game]}")
    state = await machine.page.evaluate(
        f"""() => {{
          const decide = {AUTOPILOTS[game]};
          const key = (type, code) => dispatchEvent(new KeyboardEvent(type, {{ code }}));
          key("keydown", "Space");
          for (let step = 0; step < 2400 && game.state.phase === "playing"; step++) {{
            const code = decide(game.state);
            if (code) key("keydown", code);
            game.advance(1000 / 60);
            if (code) key("keyup", code);
          }}
          return game.state;
        }}"""
    )
    assert state["score"] >= least
