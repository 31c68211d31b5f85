"""Changes to a game that exists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from modal_app.agents.offline.palette import COLOUR_VALUES, MOOD_PALETTES
from modal_app.agents.offline.parameters import GameParameters
from tests.modal_app.agents.offline.conversation import Conversation, closing, told, tools

FOREIGN = "<!doctype html><title>Chess</title><p>Made by somebody else.</p>"


@pytest.fixture
async def conversation(tmp_path: Path) -> Conversation:
    conversation = Conversation(tmp_path)
    await conversation.say("a neon breakout game")
    return conversation


@pytest.mark.parametrize(
    ("message", "words", "holds"),
    [
        ("make it red", "new colours", lambda g: g.palette.primary == COLOUR_VALUES["red"]),
        ("緑にして", "新しい色", lambda g: g.palette.primary == COLOUR_VALUES["green"]),
        (
            "use ocean colours instead",
            "new colours",
            lambda g: g.palette == MOOD_PALETTES["ocean"],
        ),
        (
            "make the paddle pink",
            "new colours",
            lambda g: (
                g.palette.primary == COLOUR_VALUES["pink"]
                and g.palette.secondary == MOOD_PALETTES["neon"].secondary
            ),
        ),
        (
            "背景を白にして",
            "新しい色",
            lambda g: g.palette.background == "#ffffff",
        ),
        ("make it faster", "speed 125%", lambda g: g.speed == 1.25),
        ("少し遅くして", "速さ 91%", lambda g: g.speed == 0.909),
        ("bigger ball please", "size 125%", lambda g: g.size == 1.25),
        ("もっと小さくして", "大きさ 67%", lambda g: g.size == 0.667),
        ("too easy, make it harder", "difficulty hard", lambda g: g.difficulty == "hard"),
        ("it is too hard", "difficulty easy", lambda g: g.difficulty == "easy"),
        ("速すぎる", "速さ 80%", lambda g: g.speed == 0.8),
        ("文字を金色に", "新しい色", lambda g: g.palette.ink == COLOUR_VALUES["gold"]),
        ("簡単にして", "難しさ やさしい", lambda g: g.difficulty == "easy"),
        ('change the title to "Wall Street"', "“Wall Street”", lambda g: g.title == "Wall Street"),
        ("rename it to Moon Base", "“Moon Base”", lambda g: g.title == "Moon Base"),
        ("タイトルを「星の壁」にして", "「星の壁」", lambda g: g.title == "星の壁"),
        ("タイトルを星の海に変えて", "「星の海」", lambda g: g.title == "星の海"),
        (
            "make it red and twice as fast",
            "new colours, speed 200%",
            lambda g: g.speed == 2.0 and g.palette.primary == COLOUR_VALUES["red"],
        ),
    ],
)
async def test_an_edit_changes_what_it_names_and_says_so(
    conversation: Conversation, message: str, words: str, holds: Callable[[GameParameters], bool]
) -> None:
    events = await conversation.say(message)
    assert tools(events) == [("Edit", "index.html")]
    assert words in told(events)
    assert words in closing(events)
    assert holds(conversation.parameters)
    assert conversation.parameters.game == "breakout"
    assert f"<title>{conversation.parameters.title}</title>" in conversation.page


async def test_an_edit_leaves_other_peoples_changes(conversation: Conversation) -> None:
    mark = "<!-- a hand-made change -->"
    conversation.path.write_text(conversation.page.replace("</body>", f"{mark}</body>"))
    await conversation.say("make it red")
    assert mark in conversation.page


async def test_edits_add_up_and_stop_at_the_limit(conversation: Conversation) -> None:
    for _ in range(4):
        await conversation.say("make it faster")
    assert conversation.parameters.speed == 2.0
    before = conversation.page
    events = await conversation.say("make it faster")
    assert tools(events) == []
    assert "changed nothing" in closing(events)
    assert conversation.page == before


@pytest.mark.parametrize(
    "message",
    [
        "add a boss fight",
        "ボスを追加して",
        "thanks!",
        "add a snake to the background",
        "make the ball jump",
        "the snake game was better",
        "I liked the other game more",
        "スネークゲームの方がよかった",
        "ゲームを作ってくれてありがとう",
    ],
)
async def test_what_it_does_not_understand_changes_nothing(
    conversation: Conversation, message: str
) -> None:
    before = conversation.page
    events = await conversation.say(message)
    assert tools(events) == []
    assert "オフライン" in closing(events) or "offline agent" in closing(events)
    assert conversation.page == before


@pytest.mark.parametrize(
    ("message", "game"),
    [
        ("make a snake game instead", "snake"),
        ("スネークゲームを作って", "snake"),
        ("スネークゲーム", "snake"),
        ("snake game please", "snake"),
        ("a forest runner game", "runner"),
        ("please start over with a flappy bird", "flyer"),
        ("代わりに神経衰弱にして", "memory"),
        ("a new game: red space shooter", "shooter"),
        ("make a new breakout game, all blue", "breakout"),
    ],
)
async def test_a_request_for_another_game_replaces_it(
    conversation: Conversation, message: str, game: str
) -> None:
    before = conversation.page
    events = await conversation.say(message)
    assert tools(events) == [("Write", "index.html")]
    assert conversation.parameters.game == game
    assert conversation.page != before


@pytest.mark.parametrize("message", ["make it red", "もっと速くして", "add a queen"])
async def test_a_foreign_page_is_left_alone(tmp_path: Path, message: str) -> None:
    conversation = Conversation(tmp_path)
    conversation.path.write_text(FOREIGN)
    events = await conversation.say(message)
    assert tools(events) == []
    assert closing(events)
    assert conversation.page == FOREIGN


async def test_a_foreign_page_can_get_another_title(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.path.write_text(FOREIGN)
    events = await conversation.say('set the title to "King & <Queen>"')
    assert tools(events) == [("Edit", "index.html")]
    assert conversation.page == FOREIGN.replace("Chess", "King &amp; &lt;Queen&gt;")


async def test_a_foreign_page_in_another_encoding_is_left_alone(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    content = "<title>将棋</title>".encode("shift_jis")
    conversation.path.write_bytes(content)
    await conversation.say('set the title to "Shogi"')
    assert conversation.path.read_bytes() == content


async def test_a_foreign_page_is_replaced_only_on_request_and_not_silently(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.path.write_text(FOREIGN)
    events = await conversation.say("make a snake game instead")
    assert "replaces" in told(events)
    assert conversation.parameters.game == "snake"
