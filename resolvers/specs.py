"""The spec of a game: what it is, kept by the agent beside the game's own files."""

import re
from typing import Final

from schema.helper_calls import MAX_SPEC_CHARACTERS
from schema.mirror import Mirror

SPEC_FILES: Final[tuple[str, ...]] = ("specs/game.md", "specs/mechanics.md", "specs/progress.md")
EARLIER_SPEC_FILES: Final[tuple[str, ...]] = ("SPEC.md", "spec.md")
_SPEC_BYTES: Final = 4 * MAX_SPEC_CHARACTERS
_DIVIDER: Final = "\n\n---\n\n"
_HEADING: Final = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)


async def spec_of(mirror: Mirror, project_id: str) -> str:
    """The newest version's spec, at most `MAX_SPEC_CHARACTERS`; empty without one.

    Raises `DreamCoreError`.
    """
    files = set(await mirror.files(project_id))
    named = [name for name in SPEC_FILES if name in files]
    named = named or [name for name in EARLIER_SPEC_FILES if name in files][:1]
    texts = [await mirror.read(project_id, name) or b"" for name in named]
    joined = _DIVIDER.join(text[:_SPEC_BYTES].decode(errors="replace") for text in texts)
    return joined[:MAX_SPEC_CHARACTERS]


def title_in(spec: str) -> str | None:
    """The first heading of a spec."""
    heading = _HEADING.search(spec)
    return " ".join(heading[1].split()) if heading else None
