"""Names of files as execution endpoints tell them."""

import re
from pathlib import PurePosixPath
from typing import Final

_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BELOW_PROJECT: Final = re.compile(rf"/(?:.*?/)?{_ID}/(?:projects/)?{_ID}/(.+)")


def relative_path(path: str | None) -> str | None:
    """`path` as seen from the workspace; None when it lies elsewhere.

    Earlier endpoints name files absolutely, below the project's directory
    (`contract/legacy-modal.md` §3).
    """
    if path is None:
        return None
    below = _BELOW_PROJECT.fullmatch(path)
    relative = below[1] if below else path
    parsed = PurePosixPath(relative)
    return None if parsed.is_absolute() or ".." in parsed.parts else relative
