"""The manifest is complete: every row is cited by a test, every legacy test cites a row."""

from collections import Counter
from pathlib import Path
from typing import Final

from tests.legacy.citations import TESTS, cited_in
from tests.legacy.requirements import DIVERGENCES, RULES
from tests.legacy.rules import Divergence, Rule, is_section

# The legacy surface: each of its tests proves a row. Tests elsewhere may cite rows too.
SURFACE: Final = ("legacy", "adapters/legacy", "adapters/pages")
PAGES: Final = (
    "browser/test_assets.py",
    "browser/test_chat.py",
    "browser/test_connections.py",
    "browser/test_journey.py",
    "browser/test_limits.py",
    "browser/test_making_a_game.py",
    "browser/test_playing.py",
    "browser/test_projects.py",
    "browser/test_publishing.py",
    "browser/test_reported_errors.py",
    "browser/test_running_jobs.py",
    "browser/test_shelf.py",
    "browser/test_versions.py",
    "gateway/test_watch_legacy.py",
)
# This file is about the manifest itself.
EXEMPT: Final = Path(__file__).relative_to(TESTS).as_posix()

ROWS: Final[list[Rule | Divergence]] = [*RULES, *DIVERGENCES]
IDS: Final = [row.id for row in ROWS]


def _on_the_surface(file: str) -> bool:
    return file != EXEMPT and (file in PAGES or file.startswith(tuple(f"{d}/" for d in SURFACE)))


def test_no_id_is_used_twice() -> None:
    assert [name for name, count in Counter(IDS).items() if count > 1] == []


def test_every_row_names_sections_that_exist() -> None:
    cited = [(row.id, row.section) for row in ROWS]
    cited += [(row.id, row.clause) for row in DIVERGENCES]
    assert [entry for entry in cited if not is_section(entry[1])] == []


def test_every_row_is_a_sentence() -> None:
    told = [(row.id, row.says) for row in RULES]
    told += [(row.id, words) for row in DIVERGENCES for words in (row.recorded, row.ours)]
    assert [name for name, words in told if len(words) < 5] == []


def test_every_row_is_cited_by_a_test() -> None:
    cited = {name for test in cited_in(TESTS.rglob("test_*.py")) for name in test.cited}
    assert sorted(set(IDS) - cited) == []


def test_every_citation_is_of_a_row() -> None:
    tests = cited_in(TESTS.rglob("test_*.py"))
    assert [(t.file, t.name, sorted(t.cited - set(IDS))) for t in tests if t.cited - set(IDS)] == []


def test_every_legacy_test_cites_a_row() -> None:
    tests = [test for test in cited_in(TESTS.rglob("test_*.py")) if _on_the_surface(test.file)]
    assert {file for file in PAGES if not (TESTS / file).exists()} == set()
    assert [f"{test.file}::{test.name}" for test in tests if not test.cited] == []
