"""What a message wants, by the documented keyword rules (`contract/legacy-modal.md` §1.4, §5)."""

import re
from typing import Final

from schema.models import Dimension, Route, StartGeneration

_CREATION: Final = re.compile(r"作って|作成|create|ゲーム", re.IGNORECASE)
_TWO: Final = re.compile(r"[2２][dｄＤ]", re.IGNORECASE)
_THREE: Final = re.compile(r"[3３][dｄＤ]", re.IGNORECASE)
_ANSWER: Final = re.compile(r"\s*([23２３])[dｄＤ](?:で作成|で)?\s*", re.IGNORECASE)
_PREFIX: Final = re.compile(r"[23２３][dｄＤ]で", re.IGNORECASE)
_RESTORE: Final = ("元に戻", "戻して", "undo", "restore", "前の", "revert")
_CHAT: Final = ("?", "？", "教えて", "なぜ", "どうして", "ですか")

DIMENSION_ANSWERS: Final = ("2Dで作成", "3Dで作成")


def asks_for_creation(message: str) -> bool:
    """Whether the words ask for a new game."""
    return _CREATION.search(message) is not None


def dimension_of(message: str) -> Dimension | None:
    """The dimension that the words name; 3D wins when both are there."""
    if _THREE.search(message):
        return Dimension.THREE
    return Dimension.TWO if _TWO.search(message) else None


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


def route_of(command: StartGeneration, *, is_new: bool) -> Route:
    """Where the pipeline sends a message.

    A report of the automatic fix is an edit whatever its words are. In a project without a game
    there is nothing to restore or to explain, so words of creation count first there.
    """
    message = command.message.lower()
    settled = command.skip_style_selection or command.style is not None
    if command.auto_fix or (is_new and settled):
        return Route.RUN
    if not (is_new and asks_for_creation(message)):
        if any(word in message for word in _RESTORE):
            return Route.RESTORE
        if any(word in message for word in _CHAT):
            return Route.CHAT
    return Route.ASK_DIMENSION if is_new and dimension_of(message) is None else Route.RUN
