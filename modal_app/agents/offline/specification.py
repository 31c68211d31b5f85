"""The spec of a built-in game: what it is, in the language of its first message."""

import re
from typing import Final

from modal_app.agents.offline import narrative
from modal_app.agents.offline.parameters import GAME_TITLES, GameParameters
from modal_app.agents.offline.understanding import Language
from modal_app.agents.offline.vocabulary import Game

_HEADING: Final = re.compile(r"^#[ \t]+.*$", re.MULTILINE)

_FORM: Final[dict[Language, str]] = {
    "en": """\
# {title}

## Game
{game}, difficulty {difficulty}, speed {speed:.0%}, size {size:.0%}.

## Controls
{controls}

## Rules
{rules}

## Colours
Background {background} to {backdrop}, player {primary}, targets {secondary}, rewards {accent}, \
danger {danger}, text {ink}.
""",
    "ja": """\
# {title}

## ゲーム
{game}。難しさは{difficulty}、速さ{speed:.0%}、大きさ{size:.0%}。

## 操作
{controls}

## ルール
{rules}

## 色
背景は{background}から{backdrop}、プレイヤー{primary}、的{secondary}、ごほうび{accent}、\
危険なもの{danger}、文字{ink}。
""",
}

_RULES: Final[dict[Game, dict[Language, str]]] = {
    "breakout": {
        "en": "Keep the ball in play and clear the wall of bricks; a ball that falls costs a life.",
        "ja": "ボールを落とさずにブロックをすべて壊します。落とすとライフが減ります。",
    },
    "snake": {
        "en": "Eat to grow and to score; running into a wall or into yourself ends the game.",
        "ja": "食べると長くなり得点になります。壁か自分の体にぶつかると終わりです。",
    },
    "shooter": {
        "en": "Shoot what comes for points; being hit costs a life.",
        "ja": "現れる敵を撃つと得点になります。当たるとライフが減ります。",
    },
    "flyer": {
        "en": "Every gap passed is a point; touching anything ends the game.",
        "ja": "すき間を抜けるごとに得点。何かに触れると終わりです。",
    },
    "runner": {
        "en": "Jump over what is in the way: a hit costs a life, each step further wins points.",
        "ja": "障害物を跳び越えて進みます。遠くへ行くほど得点が増え、ぶつかるとライフが減ります。",
    },
    "memory": {
        "en": "Turn two cards at a time; the game ends when all the pairs are found.",
        "ja": "カードを2枚ずつめくり、すべてのペアを見つけると終わりです。",
    },
}


def render(parameters: GameParameters) -> str:
    """The whole spec of a game."""
    language, palette = parameters.language, parameters.palette
    return _FORM[language].format(
        title=parameters.title,
        game=GAME_TITLES[language][parameters.game],
        difficulty=narrative.difficulty(parameters.difficulty, language),
        speed=parameters.speed,
        size=parameters.size,
        controls=narrative.controls(parameters.game, language),
        rules=_RULES[parameters.game][language],
        background=palette.background,
        backdrop=palette.backdrop,
        primary=palette.primary,
        secondary=palette.secondary,
        accent=palette.accent,
        danger=palette.danger,
        ink=palette.ink,
    )


def revised(
    spec: str | None, before: GameParameters | None, after: GameParameters | None, title: str | None
) -> str | None:
    """The spec after a change of the page; None when it stays as it is.

    `spec` is the present one and `before` and `after` what the pages say of their games (None: they
    are not ours). In a spec that somebody else wrote for this game only the heading is changed, to
    `title`.
    """
    another = after is not None and (before is None or before.game != after.game)
    ours = spec is None or (before is not None and spec == render(before))
    if after is not None and (another or ours):
        changed: str | None = render(after)
    else:
        changed = _retitled(spec, title) if spec is not None and title else None
    return changed if changed != spec else None


def _retitled(spec: str, title: str) -> str:
    return _HEADING.sub(lambda _: f"# {title}", spec, count=1)
