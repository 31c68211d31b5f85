"""The visual style of a project: `STYLE.md`, committed with the game."""

from pathlib import Path
from typing import Final

STYLE_FILE: Final = "STYLE.md"
MAX_CHARACTERS: Final = 10_000


def kept_style(workspace: Path, chosen: str | None) -> str | None:
    """Write a style that was chosen for this run; without one, read what an earlier run kept."""
    path = workspace / STYLE_FILE
    if chosen is not None:
        path.write_text(chosen, encoding="utf-8")
        return chosen
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_text(encoding="utf-8", errors="replace")[:MAX_CHARACTERS]
