"""What the adapters of client protocols call: the use cases, as protocols.

`resolvers/` implements them; GraphQL fields find them on `info.context`.
"""

from collections.abc import AsyncGenerator
from typing import Protocol

from schema.events import Recorded
from schema.mirror import VersionRecord
from schema.models import (
    ChatMessage,
    Dimension,
    Generation,
    Page,
    Project,
    StartGeneration,
    StartOutcome,
    StylePreset,
    Viewer,
)


class Projects(Protocol):
    """Use cases around projects, for every protocol. All raise PROJECT_NOT_FOUND alike for what
    does not exist and what belongs to somebody else."""

    async def create(self, viewer: Viewer, name: str) -> Project: ...

    async def get(self, viewer: Viewer, project_id: str) -> Project: ...

    async def page(self, viewer: Viewer, *, first: int, after: str | None) -> Page[Project]: ...

    async def recent(self, viewer: Viewer) -> list[Project]:
        """All of the viewer's projects, most recently touched first, at most 1,000."""
        ...

    async def rename(self, viewer: Viewer, project_id: str, name: str) -> Project: ...

    async def history(self, project: Project, *, last: int) -> list[ChatMessage]:
        """The conversation's newest `last` messages, oldest first."""
        ...

    async def versions(self, project: Project, *, first: int) -> list[VersionRecord]:
        """The project's versions, newest first."""
        ...

    async def active_generation(self, project: Project) -> Generation | None: ...

    async def generations(
        self, project: Project, *, first: int, after: str | None
    ) -> Page[Generation]: ...


class Generations(Protocol):
    """The life of a generation, for every protocol."""

    async def start(self, viewer: Viewer, command: StartGeneration) -> StartOutcome:
        """Admit and launch, or join by idempotency key.

        Raises PROJECT_NOT_FOUND, INVALID_MESSAGE, IDEMPOTENCY_CONFLICT, `UserLimitReached`,
        SYSTEM_LIMIT_REACHED, SHUTTING_DOWN.
        """
        ...

    async def cancel(self, viewer: Viewer, generation_id: str) -> Generation:
        """Stop it, wait for its terminal event and return it. Raises GENERATION_NOT_FOUND."""
        ...

    async def get(self, viewer: Viewer, generation_id: str) -> Generation:
        """Raises GENERATION_NOT_FOUND."""
        ...

    async def watch(
        self, viewer: Viewer, generation_id: str, *, after: str | None, snapshot: bool = False
    ) -> AsyncGenerator[Recorded, None]:
        """`EventLog.read` for a viewer. Raises GENERATION_NOT_FOUND, INVALID_CURSOR."""
        ...

    def styles(self, dimension: Dimension) -> tuple[StylePreset, ...]:
        """The catalogue of visual styles, in the order to show them."""
        ...

    async def page(
        self, generation: Generation, *, first: int, after: str | None
    ) -> list[Recorded]: ...

    async def last_seq(self, generation: Generation) -> int: ...
