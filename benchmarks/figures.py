"""Measured figures beside their aims, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What is measured."""

    LATENCY = "latency"
    THROUGHPUT = "throughput"
    MEMORY = "memory"
    STARTUP = "startup"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `at_most` and `at_least` are the aim, None where there is none."""

    part: Part
    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        return None

    @property
    def aim(self) -> str:
        """The aim in words."""
        if self.at_most is not None:
            return f"≤ {_number(self.at_most)} {self.unit}"
        if self.at_least is not None:
            return f"≥ {_number(self.at_least)} {self.unit}"
        return ""


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table that is also readable as it is."""
    rows = [("what", "measured", "aim", "met")]
    rows += [
        (
            f"{figure.part}: {figure.name}",
            f"{_number(figure.value)} {figure.unit}",
            figure.aim,
            {True: "yes", False: "NO", None: ""}[figure.met],
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, _line(["-" * width for width in widths], widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
