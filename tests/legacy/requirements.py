"""The compatibility manifest: what the contract asks for, and where we differ from it.

Every row is cited by a test (`test_requirements.py` sees to it), so this is also the list of what
is proven. The documents are `contract/legacy-ws.md` and `contract/legacy-http.md`.
"""

from typing import Final

from tests.legacy import (
    http_requirements,
    job_divergences,
    socket_connection,
    socket_divergences,
    socket_jobs,
    socket_messages,
)
from tests.legacy.rules import Divergence, Rule

RULES: Final[tuple[Rule, ...]] = (
    *socket_connection.RULES,
    *socket_messages.RULES,
    *socket_jobs.RULES,
    *http_requirements.RULES,
)
DIVERGENCES: Final[tuple[Divergence, ...]] = (
    *socket_divergences.DIVERGENCES,
    *job_divergences.DIVERGENCES,
    *http_requirements.DIVERGENCES,
)
