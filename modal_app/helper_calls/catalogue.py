"""The skills of this program that can be chosen for a run: what they are called, and are for."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schema.models import Dimension

SETUP: Final[Mapping[Dimension, str]] = {Dimension.TWO: "canvas-2d", Dimension.THREE: "threejs"}
P5: Final = "p5js"
FRAMES: Final = frozenset({*SETUP.values(), P5})
"""Skills that lay a game's foundation: a run gets one of them."""

_SKILL_SET: Final = Path(__file__).resolve().parent.parent / "skill_set"
_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FIELD: Final = re.compile(r"^(name|description):[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


def read_catalogue(directory: Path = _SKILL_SET) -> dict[str, str]:
    """What each skill is for, by its name. Files without a name or a purpose are passed over.

    Reads files.
    """
    fields = [_front_matter(path) for path in sorted(directory.glob("*/SKILL.md"))]
    return {each["name"]: each["description"] for each in fields if len(each) == 2}


def setup_for(dimension: Dimension, *, p5: bool) -> str:
    """The skill that lays the foundation; `p5` says that p5.js is wanted."""
    return P5 if p5 and dimension is Dimension.TWO else SETUP[dimension]


def _front_matter(path: Path) -> dict[str, str]:
    matter = _FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    return dict(_FIELD.findall(matter[1])) if matter else {}
