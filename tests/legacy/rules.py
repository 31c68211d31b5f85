"""The form of the compatibility manifest: rules, divergences, and the sections they may cite.

`requirements.py` gathers the rows for the socket and those of `http_requirements.py`, each file's
as `RULES` or `DIVERGENCES`. A test says what it proves with
`@pytest.mark.rule("ws.ping.concurrent")`, a module for all of its tests with
`pytestmark = pytest.mark.rule(...)`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """What the contract asks for.

    `id` is `ws.…` or `http.…`, `section` is `<document> §<number>`, `says` is one sentence.
    """

    id: str
    section: str
    says: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where we knowingly do something else than what was recorded; tests cite it like a rule.

    `section` is where the old behaviour stands, `clause` (in the same form) is what marks it as a
    defect, or the decision that replaced it.
    """

    id: str
    section: str
    recorded: str
    ours: str
    clause: str


def _numbered(chapters: dict[int, int]) -> frozenset[str]:
    """Chapter numbers, and those of their sections from 1 on."""
    sections = {f"{n}.{section}" for n, last in chapters.items() for section in range(1, last + 1)}
    return frozenset({*map(str, chapters), *sections})


SECTIONS: Final[dict[str, frozenset[str]]] = {
    "legacy-ws.md": _numbered(
        {0: 10, 1: 2, 2: 14, 3: 0, 4: 8, 5: 13, 6: 0, 7: 0, 8: 4, 9: 0, 10: 0}
    )
    | {"2.0", "A", "B"},
    "legacy-http.md": _numbered({0: 10, 1: 8, 2: 0, 3: 0, 4: 4, 5: 5, 6: 6, 7: 2, 8: 0}) | {"1.0"},
    "legacy-modal.md": _numbered({0: 0, 1: 7, 2: 10, 3: 0, 4: 5, 5: 12, 6: 13, 7: 2, 8: 0}),
    "design.md": frozenset(
        {
            "Two programs, one contract",
            "The log",
            "A generation's life",
            "Message pipeline",
            "Decisions where the sources disagree",
            "Addresses",
            "Configuration",
        }
    ),
}
"""The numbering of each document. The points of a chapter 0 count as its sections."""


def is_section(reference: str) -> bool:
    """Whether a reference such as `legacy-ws.md §2.2` names a section that exists."""
    document, mark, number = reference.partition(" §")
    return bool(mark) and number in SECTIONS.get(document, frozenset())


def socket_rule(identifier: str, section: str, says: str) -> Rule:
    """A rule of `legacy-ws.md`."""
    return Rule(f"ws.{identifier}", f"legacy-ws.md §{section}", says)


def socket_divergence(
    identifier: str, section: str, recorded: str, ours: str, clause: str
) -> Divergence:
    """A divergence from `legacy-ws.md`."""
    return Divergence(
        f"ws.divergence.{identifier}", f"legacy-ws.md §{section}", recorded, ours, clause
    )
