"""The head of a git bundle: what it claims to hold (gitformat-bundle)."""

import re
from dataclasses import dataclass
from io import FileIO
from typing import Final

from schema.errors import DreamCoreError, ErrorCode

_SIGNATURES: Final = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_MAX_LINE_BYTES: Final = 4_096
_MAX_LINES: Final = 10_000
_CAPABILITY: Final = b"@object-format=sha1\n"
_HEAD: Final = re.compile(rb"([0-9a-f]{40}) [^\n]+\n")
_PREREQUISITE: Final = re.compile(rb"-[0-9a-f]{40}(?: [^\n]*)?\n")


@dataclass(frozen=True, slots=True)
class BundleHead:
    """The commits that the bundle names, by full hash."""

    commits: frozenset[str]


def read_head(bundle: FileIO) -> BundleHead:
    """Read up to the pack, where the file then stands.

    Raises `DreamCoreError(WORKSPACE_ERROR)` for anything but a bundle of whole SHA-1 objects.
    """
    if bundle.readline(_MAX_LINE_BYTES) not in _SIGNATURES:
        raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
    commits: set[str] = set()
    for _ in range(_MAX_LINES):
        line = bundle.readline(_MAX_LINE_BYTES)
        if line == b"\n":
            return BundleHead(frozenset(commits))
        if head := _HEAD.fullmatch(line):
            commits.add(head[1].decode())
        elif line != _CAPABILITY and not _PREREQUISITE.fullmatch(line):
            break
    raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
