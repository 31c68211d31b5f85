"""Skills: instructions that every run may read, one folder each on the shared volume."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from modal_app.workspace.plain import read_plain

MAX_SKILLS: Final = 10
# Room for any five of ours, as many as a message can be given.
MAX_CHARACTERS: Final = 16_000
MAX_LIBRARY: Final = 50
MAX_SKILL_BYTES: Final = 64 * 1024

# Below the shared volume and below a run's workspace alike. The name is reserved there: nothing
# of it becomes part of a version (`workspace.paths.is_reserved`).
FOLDER: Final = ".claude/skills"
FILE: Final = "SKILL.md"

_OWN: Final = Path(__file__).parent / "skill_set"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DESCRIPTION: Final = re.compile(r"\A---\n(?:.*\n)*?description:[ \t]*(.+)\n(?:.*\n)*?---\n")
_MAX_DESCRIPTION: Final = 300


def install_skills(shared: Path) -> None:
    """Put the skills of this program on the shared volume where they are missing or differ.

    Each file is replaced in one step; other skills there are left alone. Raises OSError where the
    volume cannot be written. Reads and writes files.
    """
    for source in sorted(_OWN.glob(f"*/{FILE}")):
        text = source.read_bytes()
        target = shared / FOLDER / source.parent.name / FILE
        if target.is_file() and target.read_bytes() == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = target.with_name(f".{FILE}.{os.getpid()}-{os.urandom(4).hex()}")
        staging.write_bytes(text)
        staging.replace(target)


def read_skills(shared: Path, names: Iterable[str]) -> dict[str, str]:
    """The texts of the named skills, in order: at most `MAX_SKILLS`, `MAX_CHARACTERS` in all.

    Unknown and malformed names are left out (`contract/legacy-modal.md` §1.4 `get_skill_content`).
    Reads files.
    """
    texts: dict[str, str] = {}
    room = MAX_CHARACTERS
    for name in dict.fromkeys(names):
        if len(texts) == MAX_SKILLS:
            break
        text = _read(shared, name)
        if text is not None and len(text) <= room:
            texts[name] = text
            room -= len(text)
    return texts


def lay_out_skills(shared: Path, workspace: Path) -> dict[str, str]:
    """Copy every skill into the workspace, to be read when it is needed; what each is for, by name.

    At most `MAX_LIBRARY`. The copies are the run's own: what becomes of them concerns nobody else.
    Raises OSError when the workspace cannot be written. Reads and writes files.
    """
    described = {}
    for name, text in _library(shared):
        target = workspace / FOLDER / name / FILE
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o444)
        described[name] = _description(text)
    return described


def _library(shared: Path) -> Iterator[tuple[str, str]]:
    try:
        names = sorted(path.name for path in (shared / FOLDER).iterdir())
    except OSError:
        return
    found = ((name, text) for name in names if (text := _read(shared, name)) is not None)
    for _, skill in zip(range(MAX_LIBRARY), found, strict=False):
        yield skill


def _read(shared: Path, name: str) -> str | None:
    if _NAME.fullmatch(name) is None:
        return None
    data = read_plain(shared, f"{FOLDER}/{name}/{FILE}", MAX_SKILL_BYTES + 1)
    if data is None or len(data) > MAX_SKILL_BYTES:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _description(text: str) -> str:
    """What the front matter says that the skill is for."""
    match = _DESCRIPTION.match(text)
    return match[1].strip()[:_MAX_DESCRIPTION] if match else ""
