"""The parameters of one game: made from a message, changed by another."""

import hashlib
from typing import Annotated, Final

import msgspec

from modal_app.agents.offline.palette import (
    COLOUR_VALUES,
    MOOD_PALETTES,
    Palette,
    contrast,
    painted,
    themed,
)
from modal_app.agents.offline.titles import MAX_TITLE_CHARACTERS, derived_title
from modal_app.agents.offline.understanding import Language, Wishes
from modal_app.agents.offline.vocabulary import DIFFICULTIES, GAMES, Difficulty, Game

_SLOWEST: Final = 0.5
_FASTEST: Final = 2.0
_Factor = Annotated[float, msgspec.Meta(ge=_SLOWEST, le=_FASTEST)]

GAME_TITLES: Final[dict[Language, dict[Game, str]]] = {
    "en": {
        "breakout": "Breakout",
        "snake": "Snake",
        "shooter": "Space Shooter",
        "flyer": "One-Tap Flyer",
        "runner": "Jump Runner",
        "memory": "Memory Pairs",
    },
    "ja": {
        "breakout": "ブロック崩し",
        "snake": "スネーク",
        "shooter": "スペースシューター",
        "flyer": "ワンタップフライヤー",
        "runner": "ジャンプランナー",
        "memory": "神経衰弱",
    },
}

# The look of a game whose prompt names none.
_HOUSE_MOODS: Final[dict[Game, str]] = {
    "breakout": "neon",
    "snake": "forest",
    "shooter": "space",
    "flyer": "ocean",
    "runner": "sunset",
    "memory": "candy",
}
# Where a thing of that colour stands out; a theme of it would swallow the thing.
_PLAIN_MOODS: Final = {"black": "snow", "white": "dark"}
_CLEAR_CONTRAST: Final = 7.0


class GameParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that tells one game from another; embedded in its page as JSON.

    `speed` and `size` are factors of the game's normal pace and of the size of what moves in it;
    `seed` starts its random numbers.
    """

    game: Game
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TITLE_CHARACTERS)]
    language: Language
    palette: Palette
    difficulty: Difficulty
    speed: _Factor
    size: _Factor
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


def create(message: str, wishes: Wishes) -> GameParameters:
    """The game that a message describes. The same message makes the same game."""
    seed = int.from_bytes(hashlib.sha256(message.encode(errors="replace")).digest()[:4], "big")
    game = wishes.game or GAMES[seed % len(GAMES)]
    title = wishes.title
    if title is None and wishes.game and (wishes.creates or wishes.names_game):
        title = derived_title(message, japanese=wishes.language == "ja")
    return GameParameters(
        game=game,
        title=title or GAME_TITLES[wishes.language][game],
        language=wishes.language,
        palette=_first_palette(game, wishes),
        difficulty=_difficulty("normal", wishes),
        speed=_limited(wishes.speed),
        size=_limited(wishes.size),
        seed=seed,
    )


def revise(parameters: GameParameters, wishes: Wishes) -> GameParameters:
    """The same game with the changes that a message names."""
    palette = MOOD_PALETTES[wishes.mood] if wishes.mood else parameters.palette
    for role, colour in wishes.colours:
        if role is not None:
            palette = painted(palette, role, colour)
        elif wishes.mood:
            palette = painted(palette, "player", colour)
        else:
            palette = themed(colour)
    return msgspec.structs.replace(
        parameters,
        title=wishes.title or parameters.title,
        palette=palette,
        difficulty=_difficulty(parameters.difficulty, wishes),
        speed=_limited(parameters.speed * wishes.speed),
        size=_limited(parameters.size * wishes.size),
    )


def _first_palette(game: Game, wishes: Wishes) -> Palette:
    """The mood, or else the first colour that is not for the background, sets the theme."""
    named = ((role, colour) for role, colour in wishes.colours if role != "background")
    first_role, lead = next(named, (None, None))
    if wishes.mood:
        palette = MOOD_PALETTES[wishes.mood]
    elif lead is None:
        palette = MOOD_PALETTES[_HOUSE_MOODS[game]]
    elif first_role is not None and lead in _PLAIN_MOODS:
        palette = _ground_for(lead, game)
    else:
        palette = themed(lead)
    for role, colour in wishes.colours:
        if role is not None:
            palette = painted(palette, role, colour)
        elif colour != lead:
            palette = painted(palette, "background" if colour == "black" else "targets", colour)
        elif wishes.mood:
            palette = painted(palette, "player", colour)
    return palette


def _ground_for(colour: str, game: Game) -> Palette:
    """Where something black or white is seen as it is: the game's own look if it can be."""
    usual = MOOD_PALETTES[_HOUSE_MOODS[game]]
    if contrast(COLOUR_VALUES[colour], usual.background) >= _CLEAR_CONTRAST:
        return usual
    return MOOD_PALETTES[_PLAIN_MOODS[colour]]


def _difficulty(present: Difficulty, wishes: Wishes) -> Difficulty:
    if wishes.difficulty:
        return wishes.difficulty
    index = DIFFICULTIES.index(present) + wishes.harder
    return DIFFICULTIES[min(max(index, 0), len(DIFFICULTIES) - 1)]


def _limited(factor: float) -> float:
    return round(min(max(factor, _SLOWEST), _FASTEST), 3)
