"""The visual style of a project: `STYLE.md`, committed with the game."""

from pathlib import Path
from typing import Final

from modal_app.workspace.plain import read_plain

STYLE_FILE: Final = "STYLE.md"
MAX_CHARACTERS: Final = 10_000


def kept_style(workspace: Path, chosen: str | None) -> str | None:
    """Write a style that was chosen for this run; without one, read what an earlier run kept.

    Symbolic links are not followed. Reads or writes a file.
    """
    path = workspace / STYLE_FILE
    if chosen is not None:
        if not path.is_dir():
            path.unlink(missing_ok=True)
            path.write_text(chosen, encoding="utf-8")
        return chosen
    # A character has at most four bytes.
    data = read_plain(workspace, STYLE_FILE, 4 * MAX_CHARACTERS)
    return data.decode(errors="replace")[:MAX_CHARACTERS] if data is not None else None
