"""Literal frames of the contract, and whether a frame of a running server is one of them.

Key order, types and literals must be the same. Identifiers, times, hashes and addresses belong to
a run: they must have the form of the literal's, and one name of the literal must always stand for
one name of the run. `…` in a text stands for any text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Frame = dict[str, Any]

DIRECTORY: Final = Path(__file__).parent
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DATE: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
# What belongs to a run, as the contract writes it → as any run writes it.
_FORMS: Final = (
    (_UUID, _UUID),
    (rf"{_DATE}\.\d{{3}}Z", rf"{_DATE}\.\d{{3}}Z"),
    (rf"{_DATE}\.\d{{1,6}}\+00:00", rf"{_DATE}\.\d{{1,6}}\+00:00"),
    ("7cf97ac", "[0-9a-f]{7}"),
    ("player\\.png$", r"[\w.-]+\.png"),
    ("…", ".*"),
)
_MASKED: Final = re.compile("|".join(f"({written})" for written, _ in _FORMS))


def literals(name: str) -> dict[int, Frame]:
    """The frames in a file next to this one, by the number of their line."""
    lines = (DIRECTORY / name).read_text(encoding="utf-8").splitlines()
    return {number: json.loads(line) for number, line in enumerate(lines, 1)}


@dataclass(slots=True)
class Comparison:
    """What differs between literals and frames.

    `names` maps UUIDs of literals to those of a run.
    """

    names: dict[str, str] = field(default_factory=dict)

    def differences(self, literal: object, actual: object, at: str = "") -> Iterator[str]:
        """One line for each place, none when the frame is the literal."""
        if type(literal) is not type(actual):
            yield f"{at}: {type(actual).__name__} instead of {type(literal).__name__}"
        elif isinstance(literal, dict) and isinstance(actual, dict):
            yield from self._of_objects(literal, actual, at)
        elif isinstance(literal, list) and isinstance(actual, list):
            yield from self._of_lists(literal, actual, at)
        elif isinstance(literal, str) and isinstance(actual, str):
            if not self._same_text(literal, actual):
                yield f"{at}: {actual!r} instead of {literal!r}"
        elif literal != actual:
            yield f"{at}: {actual!r} instead of {literal!r}"

    def _of_objects(self, literal: Frame, actual: Frame, at: str) -> Iterator[str]:
        if [*literal] != [*actual]:
            yield f"{at}: keys {[*actual]} instead of {[*literal]}"
            return
        for key, value in literal.items():
            yield from self.differences(value, actual[key], f"{at}.{key}")

    def _of_lists(self, literal: list[Any], actual: list[Any], at: str) -> Iterator[str]:
        # The catalogue of styles is longer than the two that the contract writes out.
        if len(literal) != len(actual) and not at.endswith(".styles"):
            yield f"{at}: {len(actual)} entries instead of {len(literal)}"
            return
        for number, (wanted, found) in enumerate(zip(literal, actual, strict=False)):
            yield from self.differences(wanted, found, f"{at}[{number}]")

    def _same_text(self, literal: str, actual: str) -> bool:
        match = re.fullmatch(pattern_of(literal), actual, re.DOTALL)
        if match is None:
            return False
        uuids = re.findall(_UUID, literal)
        return all(
            self.names.setdefault(known, found) == found
            for known, found in zip(uuids, re.findall(_UUID, actual), strict=False)
        )


def pattern_of(literal: str) -> str:
    """The texts that a literal text stands for."""
    pattern, end = "", 0
    for masked in _MASKED.finditer(literal):
        pattern += re.escape(literal[end : masked.start()])
        pattern += _FORMS[[group is not None for group in masked.groups()].index(True)][1]
        end = masked.end()
    return pattern + re.escape(literal[end:])


def missing_from(received: list[Frame], wanted: Frame, names: dict[str, str]) -> list[str]:
    """Nothing when `received` has the literal frame, else how the frames of its type differ.

    `names` are known before: who the users are.
    """
    told = [f"no frame is {wanted}"]
    for frame in received:
        if frame.get("type") != wanted["type"]:
            continue
        found = list(Comparison(dict(names)).differences(wanted, frame))
        if not found:
            return []
        told += found
    return told
