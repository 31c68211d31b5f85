"""What the offline agent reads out of a message, in both languages."""

import pytest

from modal_app.agents.offline.palette import COLOUR_VALUES
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


@pytest.mark.parametrize("message", ["タイトルを変えて", "名前を考えてほしい"])
def test_a_wish_for_some_other_title_names_none(message: str) -> None:
    assert understand(message).title is None


@pytest.mark.parametrize(
    ("message", "colour"),
    [
        ("a white snake game", "#ffffff"),
        ("make a black flappy bird", "#000000"),
        ("白い自機のシューティングゲーム", "#ffffff"),
        ("黒いカードの神経衰弱", "#000000"),
        ("白いカードの神経衰弱", "#ffffff"),
    ],
)
def test_a_black_or_white_player_is_that_on_a_ground_that_shows_it(
    message: str, colour: str
) -> None:
    assert create(message, understand(message)).palette.primary == colour


def test_of_two_colours_the_first_is_the_players() -> None:
    message = "a hard space invaders game in red and black"
    palette = create(message, understand(message)).palette
    assert (palette.primary, palette.background) == (COLOUR_VALUES["red"], "#000000")


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
        ("make it darker", "dark", ()),
        ("a dark blue background", None, (("background", "blue"),)),
        ("もっと明るくして", "candy", ()),
        ("文字を白に", None, (("text", "white"),)),
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
        ("it is too fast", None, 0, 0.8, 1.0),
        ("ボールが速すぎます", None, 0, 0.8, 1.0),
        ("far too slow", None, 0, 1.5, 1.0),
        ("遅すぎる", None, 0, 1.25, 1.0),
        ("the ball is too small", None, 0, 1.0, 1.25),
        ("パドルが大きすぎる", None, 0, 1.0, 0.8),
        ("this is too hard for me", None, -1, 1.0, 1.0),
        ("難しすぎる", None, -1, 1.0, 1.0),
        ("簡単すぎる", None, 1, 1.0, 1.0),
        ("難易度を上げて", None, 1, 1.0, 1.0),
        ("turn down the difficulty", None, -1, 1.0, 1.0),
        ("increase the ball speed", None, 0, 1.25, 1.0),
        ("スピードを落として", None, 0, 0.8, 1.0),
        ("スピードを2倍にして", None, 0, 2.0, 1.0),
        ("ゲームスピードを1.5倍に", None, 0, 1.5, 1.0),
        ("make it 3x faster", None, 0, 3.0, 1.0),
        ("0.5倍遅く", None, 0, 0.5, 1.0),
        ("0倍遅く", None, 0, 0.1, 1.0),
        ("サイズを1.5倍に", None, 0, 1.0, 1.5),
        ("half the size", None, 0, 1.0, 0.5),
        ("速度を半分に", None, 0, 0.5, 1.0),
        ("a wider paddle", None, 0, 1.0, 1.25),
        ("パドルを長くして", None, 0, 1.0, 1.25),
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
