"""The spec of a game: what it is, kept by the agent in the project and its history."""

from pathlib import Path
from typing import Final

from modal_app.workspace.plain import read_plain

SPEC_FILE: Final = "specs/game.md"
SPEC_FILES: Final = (SPEC_FILE, "specs/mechanics.md", "specs/progress.md")
# Where older projects keep it; the first that is there counts.
EARLIER_SPEC_FILES: Final = ("SPEC.md", "spec.md")
MAX_CHARACTERS: Final = 20_000

_DIVIDER: Final = "\n\n---\n\n"


def read_specs(workspace: Path) -> str | None:
    """The specs that a workspace holds as one text of at most `MAX_CHARACTERS`; None without any.

    Symbolic links are not followed. Reads files. Source: `contract/legacy-modal.md` §5.6.
    """
    texts = [text for name in SPEC_FILES if (text := _read(workspace, name))]
    if not texts:
        earlier = (_read(workspace, name) for name in EARLIER_SPEC_FILES)
        texts = list(filter(None, earlier))[:1]
    return _DIVIDER.join(texts)[:MAX_CHARACTERS] or None


def _read(workspace: Path, name: str) -> str:
    # A character has at most four bytes.
    data = read_plain(workspace, name, 4 * MAX_CHARACTERS) or b""
    return data.decode(errors="replace").strip()
