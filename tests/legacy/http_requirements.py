"""The compatibility manifest of the HTTP half: what must hold, and what differs on purpose."""

from typing import Final

from tests.legacy import http_divergences, http_divergences_of_assets
from tests.legacy.http_requirements_general import GENERAL, PAGES
from tests.legacy.http_requirements_routes import ASSETS, PROJECTS, PUBLISHING
from tests.legacy.rules import Divergence, Rule

_DOCUMENT: Final = "legacy-http.md"

RULES: Final = tuple(
    Rule(f"http.{name}", f"{_DOCUMENT} §{section}", says)
    for name, section, says in (*GENERAL, *PAGES, *PROJECTS, *ASSETS, *PUBLISHING)
)
DIVERGENCES: Final = tuple(
    Divergence(f"http.divergence.{name}", f"{_DOCUMENT} §{section}", recorded, ours, clause)
    for name, section, recorded, ours, clause in (
        *http_divergences.DIVERGENCES,
        *http_divergences_of_assets.DIVERGENCES,
    )
)
