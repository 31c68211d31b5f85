"""A run of the offline agent: its events, and the page that it leaves."""

from pathlib import Path

import anyio
import pytest

from modal_app.agents.offline import page
from modal_app.agents.offline.vocabulary import GAMES
from schema.errors import ErrorCode
from schema.execution import Error, Stream
from tests.modal_app.agents.offline.conversation import (
    Conversation,
    closing,
    statuses,
    told,
    tools,
)

PROMPTS = (
    "a neon breakout game",
    "an easy forest snake",
    "シューティングゲームを作って",
    "flappy bird in 3D",
    "a sunset runner",
    "神経衰弱",
    "something nobody has heard of",
)


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    return Conversation(tmp_path)


@pytest.mark.parametrize(
    ("message", "words"),
    [("a snake game", "Offline agent"), ("スネークを作って", "オフラインエージェント")],
)
async def test_the_first_event_says_that_it_is_the_offline_agent(
    conversation: Conversation, message: str, words: str
) -> None:
    first = statuses((await conversation.say(message))[:1])[0]
    assert words in first.message
    assert "AI" in first.message


@pytest.mark.parametrize("message", [*PROMPTS, "   ", "x" * 100_000])
async def test_progress_rises_and_one_done_is_the_end(
    conversation: Conversation, message: str
) -> None:
    events = await conversation.say(message)
    assert closing(events)
    progress = [event.progress for event in statuses(events) if event.progress is not None]
    assert progress == sorted(set(progress))
    assert 0 <= progress[0] < progress[-1] <= 100
    assert tools(events) == [("Write", "index.html")]


async def test_text_comes_in_small_pieces_of_rising_blocks(conversation: Conversation) -> None:
    events = await conversation.say("a neon breakout game")
    pieces = [event for event in events if isinstance(event, Stream)]
    assert len(pieces) > 20
    assert max(len(piece.content) for piece in pieces) < 12
    blocks = [piece.block for piece in pieces]
    assert blocks == sorted(blocks)
    assert set(blocks) == {1, 2}
    assert "“Neon Breakout”" in told(events)


async def test_the_page_is_written_after_its_status_and_leaves_nothing_else(
    conversation: Conversation,
) -> None:
    await conversation.say("a neon breakout game")
    assert [path.name for path in conversation.path.parent.rglob("*.*")] == [
        "index.html",
        "game.md",
    ]
    assert conversation.path.stat().st_mode & 0o777 == 0o644
    assert "http" not in conversation.page


@pytest.mark.parametrize("message", PROMPTS)
async def test_the_same_message_makes_the_same_bytes(tmp_path: Path, message: str) -> None:
    pages = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        conversation = Conversation(tmp_path / name)
        await conversation.say(message)
        pages.append(conversation.path.read_bytes())
    assert pages[0] == pages[1]


async def test_unknown_wishes_reach_every_game_and_are_admitted(tmp_path: Path) -> None:
    games = set()
    for number in range(40):
        (tmp_path / str(number)).mkdir()
        conversation = Conversation(tmp_path / str(number))
        events = await conversation.say(f"surprise number {number}")
        assert "my pick" in told(events)
        games.add(conversation.parameters.game)
    assert games == set(GAMES)


async def test_a_flat_game_for_a_wish_in_3d_is_admitted(conversation: Conversation) -> None:
    assert "2D" in told(await conversation.say("a 3D space shooter"))


async def test_the_welcome_page_is_not_a_game(conversation: Conversation) -> None:
    conversation.path.write_text("<h1>Welcome to Game Creator</h1>")
    assert tools(await conversation.say("a runner")) == [("Write", "index.html")]
    assert conversation.parameters.game == "runner"


@pytest.mark.parametrize(
    "title",
    [
        "</script><img src=x onerror=alert(1)>",
        "<!--<script>",
        "</title><b>bold</b>",
        "{{script}} {0} {title}",
        "a & b ' \\u003c",
    ],
)
async def test_a_hostile_title_is_data(conversation: Conversation, title: str) -> None:
    events = await conversation.say(f"a snake game called 「{title}」")
    assert title in closing(events)
    assert conversation.parameters.title == title
    assert conversation.page.count("<script") == 2
    assert conversation.page.count("</script>") == 2
    for markup in ("<img", "<!--", "<b>"):
        assert markup not in conversation.page


async def test_control_and_direction_characters_leave_the_title(conversation: Conversation) -> None:
    await conversation.say("a snake game called 「a\u202eb\x00c\u2028d\n e」")
    assert conversation.parameters.title == "abc d e"


async def test_a_page_that_cannot_be_written_is_one_error_without_paths(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.path.mkdir()
    events = await conversation.say("a snake game")
    errors = [event for event in events if isinstance(event, Error)]
    assert errors == events[-1:]
    assert errors[0].code == ErrorCode.WORKSPACE_ERROR
    assert str(tmp_path) not in errors[0].user_message


async def test_a_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    outside = tmp_path / "outside.html"
    outside.write_text("precious")
    conversation = Conversation(tmp_path / "workspace")
    conversation.path.symlink_to(outside)
    await conversation.say("a snake game")
    assert outside.read_text() == "precious"
    assert conversation.parameters.game == "snake"


async def test_pacing_spreads_the_text_and_closing_stops_it(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path, pacing=3600)
    with anyio.move_on_after(0.2) as scope:
        await conversation.say("a snake game")
    assert scope.cancelled_caught
    assert not conversation.path.exists()


def test_a_page_with_broken_parameters_is_not_ours() -> None:
    template = '<script type="application/json" id="game-parameters">{}</script>'
    for content in ("", "{", "null", '{"game":"snake"}'):
        assert page.read(template.format(content)) is None
