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
    VersionContext,
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

    async def delete(self, viewer: Viewer, project_id: str) -> None:
        """Stop what runs in the project, then forget it with its conversation and files."""
        ...

    async def restore(self, viewer: Viewer, project_id: str, version: str) -> VersionRecord | None:
        """Make a version with the files of an earlier one, which 7 to 40 digits of its hash name.

        Returns the version made, once games are served from it; None when the files were so
        already. Raises VERSION_NOT_FOUND, PROJECT_BUSY while a generation runs there,
        WORKSPACE_ERROR, EXECUTION_UNAVAILABLE.
        """
        ...

    async def history(self, project: Project, *, last: int) -> list[ChatMessage]:
        """The conversation's newest `last` messages, oldest first."""
        ...

    async def versions(self, project: Project, *, first: int) -> list[VersionRecord]:
        """The project's versions, newest first."""
        ...

    async def version_diff(self, project: Project, version: str) -> str | None:
        """What a version changed in `index.html`, as a unified diff; empty when nothing, None
        when there is no such version."""
        ...

    async def version_context(
        self, project: Project, version: str | None = None
    ) -> VersionContext | None:
        """What a version was made from, if the run that made it told: versions that were restored
        have no run. Without `version`, the newest that has one."""
        ...

    async def files(self, project: Project) -> list[str]:
        """Paths of the newest version, sorted."""
        ...

    async def file(self, project: Project, path: str) -> bytes | None:
        """A file of the newest version, None when there is none."""
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

    async def exists(self, generation_id: str) -> bool:
        """Whether anybody has it. Only a protocol that must tell foreign from unknown may ask."""
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
