"""What a message asks for, found with the tables of `vocabulary`. No I/O, no state."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from modal_app.agents.offline import vocabulary
from modal_app.agents.offline.titles import QUOTED, asked_title
from modal_app.agents.offline.vocabulary import Difficulty, Game, Role

Language = Literal["en", "ja"]
Name = TypeVar("Name", bound=str)

_READ_CHARACTERS: Final = 4_000
_LEAST_FACTOR: Final = 0.1
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_CLAUSES: Final = re.compile(r"[,.;!?、。,!?\n]|\band\b|\bwith\b|\bbut\b|と|に|して")

# In their company, quoted text is a title.
_TITLE_CUES: Final = (
    vocabulary.TITLE,
    vocabulary.CREATION,
    *vocabulary.GAME_NAMES.values(),
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a message says about a game; None, 1.0 and empty where it says nothing.

    `game` is the genre it means, `names_game` whether by name (not by a mere hint), `creates`
    whether it asks for a game rather than a change, `afresh` whether for a new one in so many
    words. `colours` pairs what is to be coloured (None: everything) with a colour's name.
    `harder` is -1, 0 or 1, relative to the game. `speed` and `size` are factors.
    """

    language: Language = "en"
    game: Game | None = None
    names_game: bool = False
    creates: bool = False
    afresh: bool = False
    title: str | None = None
    mood: str | None = None
    colours: tuple[tuple[Role | None, str], ...] = ()
    difficulty: Difficulty | None = None
    harder: int = 0
    speed: float = 1.0
    size: float = 1.0
    three_dimensional: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything in it that can be done to a game that exists."""
        wanted = self.title or self.mood or self.colours or self.difficulty or self.harder
        return bool(wanted) or self.speed != 1.0 or self.size != 1.0


def understand(message: str) -> Wishes:
    """Read a message. A quoted title is no instruction: nothing else is read out of it."""
    message = unicodedata.normalize("NFKC", message[:_READ_CHARACTERS])
    everything = message.casefold()
    text = QUOTED.sub(" ", message).casefold()
    quotes_title = any(pattern.search(text) for pattern in _TITLE_CUES)
    title = asked_title(message, quoted=quotes_title)
    if not quotes_title:
        text = everything
    if title is not None:
        text = text.replace(title.casefold(), " ")
    for complaint, wanted in vocabulary.TOO_MUCH:
        text = complaint.sub(wanted, text)
    game = _game(text) or _game(everything)
    return Wishes(
        language="ja" if _JAPANESE.search(message) else "en",
        game=game,
        names_game=game is not None and bool(vocabulary.GAME_NAMES[game].search(everything)),
        creates=bool(vocabulary.CREATION.search(text)),
        afresh=bool(vocabulary.NEW_GAME.search(text)),
        title=title,
        mood=_first(vocabulary.MOODS, text),
        colours=_colours(text),
        difficulty=None if _harder(text) else _first(vocabulary.DIFFICULTY_NAMES, text),
        harder=_harder(text),
        speed=_factor(text, vocabulary.FASTER, vocabulary.SLOWER),
        size=_factor(text, vocabulary.BIGGER, vocabulary.SMALLER),
        three_dimensional=bool(vocabulary.THREE_DIMENSIONAL.search(text)),
    )


def _game(text: str) -> Game | None:
    """The genre with most to speak for it; a name weighs more than hints."""

    def weight(game: Game) -> int:
        names = len(vocabulary.GAME_NAMES[game].findall(text))
        return 4 * names + len(vocabulary.GAME_HINTS[game].findall(text))

    best = max(vocabulary.GAMES, key=weight)
    return best if weight(best) else None


def _first(table: Mapping[Name, re.Pattern[str]], text: str) -> Name | None:
    return next((name for name, pattern in table.items() if pattern.search(text)), None)


def _colours(text: str) -> tuple[tuple[Role | None, str], ...]:
    """Clause by clause, so that "red paddle and blue bricks" means what it says."""
    text = vocabulary.MOODS["monochrome"].sub(" ", text)
    found: list[tuple[Role | None, str]] = []
    for clause in _CLAUSES.split(text):
        colour = _earliest(clause)
        if colour is not None:
            found.append((_first(vocabulary.ROLES, clause), colour))
    return tuple(found)


def _earliest(clause: str) -> str | None:
    matches = (
        (match.start(), -len(match.group()), name)
        for name, pattern in vocabulary.COLOURS.items()
        if (match := pattern.search(clause))
    )
    return min(matches, default=(0, 0, None))[2]


def _harder(text: str) -> int:
    return bool(vocabulary.HARDER.search(text)) - bool(vocabulary.EASIER.search(text))


def _factor(text: str, more: re.Pattern[str], less: re.Pattern[str]) -> float:
    direction = bool(more.search(text)) - bool(less.search(text))
    if direction == 0:
        return 1.0
    amount = 1.25
    if times := vocabulary.TIMES.search(text):
        amount = max(float(times[1]), _LEAST_FACTOR)
    elif vocabulary.DOUBLE.search(text) or vocabulary.HALF.search(text):
        amount = 2.0
    elif vocabulary.MUCH.search(text):
        amount = 1.5
    elif vocabulary.A_LITTLE.search(text):
        amount = 1.1
    return amount if direction > 0 else min(amount, 1 / amount)
