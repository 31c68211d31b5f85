"""Operations to try, in the order in which a newcomer tries them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# Placeholders in variables, which the page replaces when an example is opened: the project and
# the generation of the latest results, and a key that was never used.
PROJECT: Final = "{project}"
GENERATION: Final = "{generation}"
KEY: Final = "{key}"

_DOCUMENTS: Final = Path(__file__).parent / "examples"
_VARIABLES: Final[tuple[tuple[str, str, dict[str, Any] | None], ...]] = (
    ("Who am I", "viewer", None),
    ("Create a project", "create_project", {"input": {"name": "My first game"}}),
    (
        "Generate a game",
        "generate",
        {
            "input": {
                "projectId": PROJECT,
                "message": "a 2D neon breakout game",
                "idempotencyKey": KEY,
            }
        },
    ),
    (
        "Watch a generation",
        "watch_generation",
        {"id": GENERATION, "after": None, "snapshot": False},
    ),
    ("Cancel a generation", "cancel_generation", {"id": GENERATION}),
    ("List my projects", "projects", {"first": 10}),
)


@dataclass(frozen=True, slots=True)
class Example:
    """One operation. `variables` may hold placeholders; None: the operation has none."""

    title: str
    query: str
    variables: dict[str, Any] | None


def read_examples() -> tuple[Example, ...]:
    """Every example. The first is what the page opens with."""
    return tuple(
        Example(title, (_DOCUMENTS / f"{name}.graphql").read_text(), variables)
        for title, name, variables in _VARIABLES
    )
