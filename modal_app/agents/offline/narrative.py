"""What the offline agent says, in the language of the message."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from modal_app.agents.offline.parameters import GAME_TITLES, GameParameters
from modal_app.agents.offline.understanding import Language, Wishes
from modal_app.agents.offline.vocabulary import GAMES, Difficulty, Game

_PIECE: Final = re.compile(r"\S{1,6}\s*|\s+")

TEXTS: Final[dict[str, dict[Language, str]]] = {
    "announcement": {
        "en": "Offline agent: I work from six built-in games, without an AI model.",
        "ja": "オフラインエージェントです。AIモデルを使わず、6種類の内蔵ゲームから作ります。",
    },
    "reading": {"en": "Reading your request", "ja": "ご依頼を読んでいます"},
    "designing": {"en": "Choosing colours and rules", "ja": "色とルールを決めています"},
    "writing": {"en": "Writing index.html", "ja": "index.html を書いています"},
    "editing": {"en": "Editing index.html", "ja": "index.html を編集しています"},
    "finishing": {"en": "Finishing up", "ja": "仕上げています"},
    "plan": {
        "en": "I am making “{title}”: {game}, difficulty {difficulty}. ",
        "ja": "「{title}」を作ります。ゲームは{game}、難しさは{difficulty}です。",
    },
    "unrecognised": {
        "en": "None of my six games was named, so this one is my pick. ",
        "ja": "内蔵の6種類に当てはまる言葉がなかったので、こちらで選びました。",
    },
    "flat": {
        "en": "My built-in games are 2D, so this one is too. ",
        "ja": "内蔵ゲームは2Dのみなので、2Dで作ります。",
    },
    "replacing": {
        "en": "It replaces the present index.html; the version history keeps the old one. ",
        "ja": "今の index.html は置き換わります。前の版は履歴に残ります。",
    },
    "play": {"en": "How to play: {controls} ", "ja": "遊び方：{controls}"},
    "made": {
        "en": "“{title}” is ready. You can ask me for another colour, speed, size, difficulty "
        "or title, or for another game: {games}.",
        "ja": "「{title}」ができました。色・速さ・大きさ・難しさ・タイトルの変更や、"
        "別のゲーム（{games}）もどうぞ。",
    },
    "edit": {"en": "Changing your game: {changes}. ", "ja": "ゲームを変更します：{changes}。"},
    "edited": {"en": "Done: {changes}.", "ja": "変更しました：{changes}。"},
    "already": {
        "en": "The game is like that already, or at the limit of what I can set, "
        "so I changed nothing.",
        "ja": "すでにその通りか、設定できる限界のため、何も変更していません。",
    },
    "not understood": {
        "en": "I am the offline agent and did not understand this change, so I changed nothing. "
        "I can change colours, speed, size, difficulty and title of this game, or make "
        "another: {games}.",
        "ja": "オフラインエージェントには理解できない変更だったため、何も変更していません。"
        "できるのは、色・速さ・大きさ・難しさ・タイトルの変更と、別のゲーム（{games}）の作成です。",
    },
    "foreign": {
        "en": "This page was not made by the offline agent, so I left it alone: I can change its "
        "title, or replace it if you ask for a new game: {games}.",
        "ja": "このページはオフラインエージェントが作ったものではないため、変更していません。"
        "タイトルの変更か、新しいゲーム（{games}）への置き換えならできます。",
    },
}

_DIFFICULTIES: Final[dict[Language, dict[Difficulty, str]]] = {
    "en": {"easy": "easy", "normal": "normal", "hard": "hard"},
    "ja": {"easy": "やさしい", "normal": "ふつう", "hard": "むずかしい"},
}

_CONTROLS: Final[dict[Game, dict[Language, str]]] = {
    "breakout": {
        "en": "move the paddle with the arrow keys or by dragging.",
        "ja": "矢印キーかドラッグでパドルを動かします。",
    },
    "snake": {
        "en": "steer with the arrow keys, or swipe.",
        "ja": "矢印キーかスワイプで曲がります。",
    },
    "shooter": {
        "en": "fly with the arrow keys and shoot with Space, or drag to do both.",
        "ja": "矢印キーで移動、スペースで発射。ドラッグなら両方同時です。",
    },
    "flyer": {
        "en": "press Space or tap to flap through the gaps.",
        "ja": "スペースかタップで羽ばたき、すき間を抜けます。",
    },
    "runner": {
        "en": "press Space or tap to jump, twice for a double jump.",
        "ja": "スペースかタップでジャンプ、空中でもう一度跳べます。",
    },
    "memory": {
        "en": "tap two cards, or use the arrow keys and Space, to find the pairs.",
        "ja": "カードを2枚タップ（または矢印キーとスペース）して、ペアを見つけます。",
    },
}


def text(name: str, language: Language, **values: str) -> str:
    """One of `TEXTS`, filled in."""
    return TEXTS[name][language].format(**values)


def game_list(language: Language) -> str:
    """The six games by name."""
    separator = ", " if language == "en" else "、"
    return separator.join(GAME_TITLES[language][game] for game in GAMES)


def plan(parameters: GameParameters, wishes: Wishes, *, replacing: bool) -> str:
    """What is going to be made, with every reservation said."""
    language = wishes.language
    parts = [
        text(
            "plan",
            language,
            title=parameters.title,
            game=GAME_TITLES[language][parameters.game],
            difficulty=_DIFFICULTIES[language][parameters.difficulty],
        )
    ]
    reservations = {
        "unrecognised": wishes.game is None,
        "flat": wishes.three_dimensional,
        "replacing": replacing,
    }
    parts += [text(name, language) for name, needed in reservations.items() if needed]
    return "".join(parts)


def difficulty(level: Difficulty, language: Language) -> str:
    """The word for a difficulty."""
    return _DIFFICULTIES[language][level]


def controls(game: Game, language: Language) -> str:
    """How a game is played, as a sentence."""
    sentence = _CONTROLS[game][language]
    return sentence[0].upper() + sentence[1:]


def how_to_play(parameters: GameParameters, language: Language) -> str:
    """The controls."""
    return text("play", language, controls=_CONTROLS[parameters.game][language])


def changes(before: GameParameters, after: GameParameters, language: Language) -> str:
    """What differs between two sets of parameters, in words."""
    english = language == "en"
    said: Sequence[tuple[bool, str]] = (
        (
            before.title != after.title,
            f"title “{after.title}”" if english else f"タイトル「{after.title}」",
        ),
        (before.palette != after.palette, "new colours" if english else "新しい色"),
        (
            before.difficulty != after.difficulty,
            f"{'difficulty' if english else '難しさ'} {_DIFFICULTIES[language][after.difficulty]}",
        ),
        (
            before.speed != after.speed,
            f"{'speed' if english else '速さ'} {after.speed:.0%}",
        ),
        (before.size != after.size, f"{'size' if english else '大きさ'} {after.size:.0%}"),
    )
    return (", " if english else "、").join(words for changed, words in said if changed)


def pieces(sentence: str) -> Iterator[str]:
    """The sentence in small pieces, as a model's deltas would bring it."""
    return (match.group() for match in _PIECE.finditer(sentence))
