"""What a message wants, judged by its words: the rules that hold where no model is asked.

Source: `contract/legacy-modal.md` §1.4 `detect_intent`, §5.2, §5.8.
"""

import re
from typing import Final

from schema.models import Dimension

_TWO: Final = re.compile(r"[2２][dｄＤ]", re.IGNORECASE)
_THREE: Final = re.compile(r"[3３][dｄＤ]", re.IGNORECASE)
_RESTORE: Final = ("元に戻", "戻して", "undo", "restore", "前の", "revert")
_CHAT: Final = ("?", "？", "教えて", "なぜ", "どうして", "ですか")


def dimension_of(message: str) -> Dimension | None:
    """The dimension that the words name; 3D wins when both are there."""
    if _THREE.search(message):
        return Dimension.THREE
    return Dimension.TWO if _TWO.search(message) else None


def intent_of(message: str) -> str:
    """`restore`, `chat` or `edit`."""
    words = message.lower()
    if any(word in words for word in _RESTORE):
        return "restore"
    return "chat" if any(word in words for word in _CHAT) else "edit"
