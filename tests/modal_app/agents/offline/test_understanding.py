"""What the offline agent reads out of a message, in both languages."""

import pytest

from modal_app.agents.offline.parameters import GAME_TITLES, create
from modal_app.agents.offline.understanding import understand


@pytest.mark.parametrize(
    ("message", "game"),
    [
        ("a neon breakout game", "breakout"),
        ("brick breaker please", "breakout"),
        ("ブロック崩しを作って", "breakout"),
        ("Snake with apples", "snake"),
        ("蛇のゲーム", "snake"),
        ("スネークゲームがほしい", "snake"),
        ("a space shooter with aliens", "shooter"),
        ("シューティングゲームを作成してください", "shooter"),
        ("flappy bird clone", "flyer"),
        ("鳥が飛ぶゲーム", "flyer"),
        ("an endless runner", "runner"),
        ("猫がジャンプして走るゲーム", "runner"),
        ("a card matching puzzle", "memory"),
        ("神経衰弱", "memory"),
    ],
)
def test_the_game_is_found_in_both_languages(message: str, game: str) -> None:
    assert understand(message).game == game


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("2Dでneonなブロック崩しを作って", "neonなブロック崩し"),
        ("３Ｄの宇宙シューティングを作成", "宇宙シューティング"),
        ("a neon breakout game", "Neon Breakout"),
        ("please make me a really fun snake game in the forest", "Snake"),
        ("can you make a game, a blue space shooter?", "Blue Space Shooter"),
        ('a breakout game called "Wall of Fire"', "Wall of Fire"),
        ("make a snake game named Viper Rush with gold food", "Viper Rush"),
        ("black and white memory", "Black and White Memory"),
        ("a hard snake game about a very long journey to the end of all known worlds", "Snake"),
        ("「星の海」というシューティングゲーム", "星の海"),
        ("りんごという名前のスネーク", "りんご"),
        ("ネオンなブロック崩しゲームを作って", "ネオンなブロック崩し"),
        ("やさしい2Dの海のスネークを作ってください", "海のスネーク"),
        ("面白いゲームを作って", None),
        ("hello", None),
    ],
)
def test_the_title_is_stated_or_made_from_the_words(message: str, title: str | None) -> None:
    parameters = create(message, understand(message))
    assert parameters.title == (title or GAME_TITLES[parameters.language][parameters.game])


@pytest.mark.parametrize(
    ("message", "mood", "colours"),
    [
        ("a neon breakout game", "neon", ()),
        ("パステルカラーの神経衰弱", "pastel", ()),
        ("夕焼けのランナー", "sunset", ()),
        ("白黒のスネーク", "monochrome", ()),
        (
            "snake with a red head, and blue background",
            None,
            ((None, "red"), ("background", "blue")),
        ),
        ("red paddle and green bricks", None, (("player", "red"), ("targets", "green"))),
        ("敵は赤、自機は青にして", None, (("targets", "red"), ("player", "blue"))),
        ("黒い背景に黄色いブロック", None, (("background", "black"), ("targets", "yellow"))),
        ("面白いスネーク", None, ()),
        ("赤ちゃんのゲーム", None, ()),
        ("a hundred coloured snakes", None, ()),
        ('make a snake game called "Red Neon"', None, ()),
    ],
)
def test_moods_and_colours_are_found(
    message: str, mood: str | None, colours: tuple[tuple[str | None, str], ...]
) -> None:
    wishes = understand(message)
    assert (wishes.mood, wishes.colours) == (mood, colours)


@pytest.mark.parametrize(
    ("message", "difficulty", "harder", "speed", "size"),
    [
        ("an easy snake", "easy", 0, 1.0, 1.0),
        ("難しいブロック崩し", "hard", 0, 1.0, 1.0),
        ("make it harder", None, 1, 1.0, 1.0),
        ("もっと簡単にして", None, -1, 1.0, 1.0),
        ("faster please", None, 0, 1.25, 1.0),
        ("もっと速くして", None, 0, 1.5, 1.0),
        ("slow it down a little", None, 0, 1 / 1.1, 1.0),
        ("ゆっくりにして", None, 0, 0.8, 1.0),
        ("twice as fast", None, 0, 2.0, 1.0),
        ("make the ball bigger", None, 0, 1.0, 1.25),
        ("パドルを小さくして", None, 0, 1.0, 0.8),
        ("double the size", None, 0, 1.0, 2.0),
        ("the breakfast game", None, 0, 1.0, 1.0),
    ],
)
def test_difficulty_speed_and_size_are_found(
    message: str, difficulty: str | None, harder: int, speed: float, size: float
) -> None:
    wishes = understand(message)
    assert (wishes.difficulty, wishes.harder) == (difficulty, harder)
    assert wishes.speed == pytest.approx(speed)
    assert wishes.size == pytest.approx(size)


@pytest.mark.parametrize(
    ("message", "language"),
    [("a snake game", "en"), ("スネーク", "ja"), ("snakeを作って", "ja"), ("ｽﾈｰｸ", "ja")],
)
def test_the_language_is_that_of_the_prompt(message: str, language: str) -> None:
    assert understand(message).language == language


def test_half_width_and_full_width_letters_mean_the_same() -> None:
    assert understand("ＮＥＯＮ　Ｂｒｅａｋｏｕｔ") == understand("NEON Breakout")
    assert understand("ｽﾈｰｸ").game == "snake"


def test_a_quotation_that_is_no_title_is_an_instruction() -> None:
    wishes = understand("「もっと速く」")
    assert wishes.title is None
    assert wishes.speed > 1


def test_a_hundred_thousand_characters_are_read_quickly() -> None:
    for unit in ("called ", "「", "という", "make a ", "タイトルを", '"', " with", "赤い"):
        create(unit * 10_000, understand(unit * 10_000))
