"""Which keys the object storage takes."""

from typing import Final
from unicodedata import category

from schema.errors import DreamCoreError, ErrorCode

Segments = tuple[str, ...]

MAX_SEGMENT_BYTES: Final = 255
"""Of a segment in UTF-8: what file systems take for a name."""

MAX_SEGMENTS: Final = 16

_UNPRINTABLE: Final = ("Cc", "Cs")


def is_segment(name: str) -> bool:
    """Whether `name` can stand between the slashes of a key: neither empty nor hidden, without
    control characters, in text that has a UTF-8 form of at most 255 bytes."""
    return (
        0 < len(name) <= MAX_SEGMENT_BYTES
        and not name.startswith(".")
        and "/" not in name
        and not any(category(character) in _UNPRINTABLE for character in name)
        and len(name.encode()) <= MAX_SEGMENT_BYTES
    )


def parse_key(key: str) -> Segments:
    """The segments of `key`. Raises `DreamCoreError(INVALID_INPUT)` when it is none."""
    segments = tuple(key.split("/"))
    if len(segments) > MAX_SEGMENTS or not all(map(is_segment, segments)):
        raise DreamCoreError(ErrorCode.INVALID_INPUT, "Not a key of an object.")
    return segments


def parse_prefix(prefix: str) -> tuple[Segments, str]:
    """The whole segments of `prefix`, and how the next one begins.

    Raises `DreamCoreError(INVALID_INPUT)` when no key can begin so.
    """
    folder, _, beginning = prefix.rpartition("/")
    if beginning:
        *segments, beginning = parse_key(prefix)
        return tuple(segments), beginning
    if not prefix:
        return (), ""
    return parse_key(folder), ""
