from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Difference:
    """What our answers to these cases have instead; `clause` is why."""

    cases: tuple[str, ...]
    ours: Mapping[str, Any]
    clause: str
    because: str


DIFFERENCES: Final[tuple[Difference, ...]] = ()
