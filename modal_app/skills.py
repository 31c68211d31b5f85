"""Skills: instructions that every run may read, one folder each on the shared volume."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MAX_SKILLS: Final = 10
MAX_CHARACTERS: Final = 15_000

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def read_skills(shared: Path, names: Iterable[str]) -> dict[str, str]:
    """The texts of the named skills, in order: at most `MAX_SKILLS`, `MAX_CHARACTERS` in all.

    Unknown and malformed names are left out (`contract/legacy-modal.md` §1.4 `get_skill_content`).
    Reads files.
    """
    texts: dict[str, str] = {}
    room = MAX_CHARACTERS
    for name in dict.fromkeys(names):
        if len(texts) == MAX_SKILLS or _NAME.fullmatch(name) is None:
            continue
        try:
            text = (shared / ".claude" / "skills" / name / "SKILL.md").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if len(text) <= room:
            texts[name] = text
            room -= len(text)
    return texts
