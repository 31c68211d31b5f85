"""What a text may hold, wherever one is stored."""

import re
from typing import Final

_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")


def is_writable(text: str) -> bool:
    """Whether databases take it: no NUL, and no halves of a character."""
    return _UNWRITABLE.search(text) is None
