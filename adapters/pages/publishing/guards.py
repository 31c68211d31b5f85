"""What a project's publishing is refused with, and how much of it one user may have done at once.

Source: `contract/legacy-http.md` §1.0, §1.7.
"""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from starlette.requests import Request

from adapters.pages.api.guards import Guards
from adapters.pages.credentials import Refused
from schema.errors import ERRORS, DreamCoreError, ErrorCode
from schema.models import Viewer

AT_ONCE: Final = 3
"""Of the services that are paid for: words and picture of a page, and an image beside."""

_REFUSALS: Final = {
    ErrorCode.PROJECT_NOT_FOUND: (404, "Project not found"),
    ErrorCode.GAME_NOT_FOUND: (404, "Game code not found"),
    ErrorCode.INVALID_INPUT: (400, None),
    ErrorCode.INVALID_FILE_TYPE: (415, "Invalid file type"),
    ErrorCode.PROVIDER_NOT_CONFIGURED: (503, None),
}
"""Status and text; without a text, the error's own."""


async def owned(guards: Guards, request: Request) -> tuple[Viewer, str]:
    """PROJ: who asks, and the id of the project, which is theirs. Raises `Refused`."""
    project = await guards.project(request)
    return Viewer(project.user_id), project.id


class Turns:
    """Counts what is being done for each user."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once: Final = at_once
        self._taken: Final = Counter[str]()

    @contextmanager
    def taken(self, user_id: str) -> Generator[None, None, None]:
        """One turn for the block. Raises `Refused` (429) when the user has all of them."""
        if self._taken[user_id] >= self._at_once:
            raise Refused(429, ERRORS[ErrorCode.RATE_LIMITED].message)
        self._taken[user_id] += 1
        try:
            yield
        finally:
            self._taken[user_id] -= 1
            if not self._taken[user_id]:
                del self._taken[user_id]


@contextmanager
def refusing(unavailable: str | None = None) -> Generator[None, None, None]:
    """Turns what use cases raise into `Refused`; `unavailable` is told without a provider."""
    try:
        yield
    except DreamCoreError as error:
        if error.code not in _REFUSALS:
            raise
        status, text = _REFUSALS[error.code]
        if error.code is ErrorCode.PROVIDER_NOT_CONFIGURED:
            text = unavailable
        raise Refused(status, text or error.message) from None
