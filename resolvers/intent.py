"""What a message leads to (`contract/legacy-modal.md` §5). Keyword rules: `schema/keywords`."""

import re
from typing import Final

from schema.keywords import dimension_of
from schema.models import Route, StartGeneration

_CREATION: Final = re.compile(r"作って|作成|create|ゲーム", re.IGNORECASE)
_ANSWER: Final = re.compile(r"\s*([23２３])[dｄＤ](?:で作成|で)?\s*", re.IGNORECASE)
_PREFIX: Final = re.compile(r"[23２３][dｄＤ]で", re.IGNORECASE)

DIMENSION_ANSWERS: Final = ("2Dで作成", "3Dで作成")


def asks_for_creation(message: str) -> bool:
    """Whether the words ask for a new game."""
    return _CREATION.search(message) is not None


def with_dimension(answer: str, earlier: str | None) -> str:
    """The request behind a bare "2Dで作成": the dimension and the words that it answers for."""
    match = _ANSWER.fullmatch(answer)
    if match is None or earlier is None:
        return answer
    digit = "2" if match[1] in "2２" else "3"
    return f"{digit}Dで{_PREFIX.sub('', earlier).strip()}"


def is_dimension_answer(message: str) -> bool:
    """Whether the message only answers the question for the dimension."""
    return _ANSWER.fullmatch(message) is not None


# What the detected intent of a message leads to; anything else is an edit.
_ROUTES: Final = {"restore": Route.RESTORE, "chat": Route.CHAT}


def settled_route(command: StartGeneration, *, is_new: bool) -> Route:
    """Where the pipeline sends a message, as far as no model has to be asked: else `DETECT`.

    A report of the automatic fix is an edit whatever its words are. In a project without a game
    there is nothing to restore or to explain, so words of creation count first there.
    """
    settled = command.skip_style_selection or command.style is not None
    if command.auto_fix or (is_new and settled):
        return Route.RUN
    if is_new and (asks_for_creation(command.message) or is_dimension_answer(command.message)):
        return _of_new_game(command.message)
    return Route.DETECT


def route_of(intent: str, message: str, *, is_new: bool) -> Route:
    """Where a detected intent leads."""
    route = _ROUTES.get(intent)
    if route is not None:
        return route
    return _of_new_game(message) if is_new else Route.RUN


def _of_new_game(message: str) -> Route:
    return Route.ASK_DIMENSION if dimension_of(message) is None else Route.RUN
