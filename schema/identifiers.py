"""Identifiers that cross a boundary, and the one way to accept them."""

import re
import uuid
from typing import Final

from schema.errors import DreamCoreError, ErrorCode

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_GIT_HASH: Final = re.compile(r"[0-9a-f]{7,40}")


def is_uuid(value: object) -> bool:
    """Whether `value` is a UUID in its 36-character form (no braces, no trailing newline)."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def parse_uuid(value: object, name: str) -> str:
    """`value` in lower case.

    Raises `DreamCoreError(INVALID_INPUT)` naming the argument when it is not a UUID.
    """
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        raise DreamCoreError(ErrorCode.INVALID_INPUT, f"Invalid {name}: must be UUID format")
    return value.lower()


def is_git_hash(value: object) -> bool:
    """Whether `value` is a lower-case abbreviated or full git object name."""
    return isinstance(value, str) and _GIT_HASH.fullmatch(value) is not None


def random_uuid() -> str:
    """A fresh random identifier."""
    return str(uuid.uuid4())
