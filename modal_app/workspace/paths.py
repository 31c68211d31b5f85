"""Which names a file of a project may have: one rule for every way in and out."""

import os
import re
from typing import Final

from schema.errors import DreamCoreError, ErrorCode

MAX_PATH_BYTES: Final = 1024
MAX_NAME_BYTES: Final = 255
MAX_DEPTH: Final = 32

# The agent's settings, which would be obeyed by the next run.
_SETTINGS: Final = ".claude"
# Git's own directory, and the files that git obeys or inspects wherever they lie. What follows may
# be anything that some file system, or git's check of objects, takes for the end of the name: a
# colon, blanks, bytes that are no text. `.gitignore`, `.github` and the like go on with a letter.
_GIT: Final = re.compile(r"\.git(?:modules|attributes)?(?![a-z0-9_-])")
# Their short names on NTFS: some of the real ones, and those that it makes when names collide.
_SHORT: Final = re.compile(r"([a-z0-9]{0,6})~[1-9][0-9]*")
_SHORTENED: Final = frozenset({"git", "gitmod", "gitatt"})
_COLLIDED: Final = ("gi7eba", "gi7d29")
# Code points that one common file system ignores when it compares names.
_IGNORED: Final = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)


def is_reserved(name: str) -> bool:
    """Whether one component of a path is not the project's to use.

    Wider than what `git fsck --strict` refuses, so that the gateway's mirror takes every version:
    one that it refuses would stay in the project's history, and the project unplayable, for ever.
    """
    # A backslash, which only a directory walk can bring here, divides names on other systems.
    return any(map(_is_taken, name.translate(_IGNORED).casefold().split("\\")))


def _is_taken(name: str) -> bool:
    plain = name.partition(":")[0].rstrip(" .")
    if plain == _SETTINGS or _GIT.match(name):
        return True
    short = _SHORT.fullmatch(plain)
    return short is not None and (
        short[1] in _SHORTENED or any(prefix.startswith(short[1]) for prefix in _COLLIDED)
    )


def is_storable(path: str) -> bool:
    """Whether a relative path, as git or a directory walk gives it, stays inside a project."""
    names = path.split("/")
    return (
        "\0" not in path
        and len(os.fsencode(path)) <= MAX_PATH_BYTES
        and len(names) <= MAX_DEPTH
        and all(
            name not in ("", ".", "..")
            and len(os.fsencode(name)) <= MAX_NAME_BYTES
            and not is_reserved(name)
            for name in names
        )
    )


def is_text(path: str) -> bool:
    """Whether the bytes of a file name are UTF-8, so that a client can be told about it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def parse_path(path: object) -> str:
    """A path that a client names, relative to the project: as it came, or refused.

    Raises `DreamCoreError(INVALID_INPUT)` for anything absolute, dotted (`.`, `..`), reserved,
    overlong or not text, and for empty components, NUL and backslash.
    """
    if not isinstance(path, str) or not is_text(path) or "\\" in path or not is_storable(path):
        raise DreamCoreError(ErrorCode.INVALID_INPUT, "Invalid file path")
    return path


def is_hidden(path: str) -> bool:
    """Whether a file, or a directory on the way to it, begins with a dot."""
    return any(name.startswith(".") for name in path.split("/"))
