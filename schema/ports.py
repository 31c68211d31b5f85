"""What the use cases need from the outside.

Every port has one contract suite in `tests/contracts/`, run against every implementation.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from schema.errors import ErrorCode
from schema.events import Event, Recorded
from schema.models import (
    ChatMessage,
    Generation,
    GenerationStatus,
    Page,
    Plan,
    Project,
    VersionContext,
    VersionNote,
    Viewer,
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to append to one generation's log, until somebody acquires it anew.

    `last_seq` and `source_id` say where the previous writer stopped; `closed` that a terminal
    event is stored and nothing can follow.
    """

    generation_id: str
    epoch: int
    last_seq: int
    source_id: str | None
    closed: bool


class EventLog(Protocol):
    """The append-only, numbered log of typed events (design: "The log")."""

    async def acquire(self, generation_id: str) -> Lease:
        """Become the writer: raises the epoch, so that every earlier writer is refused."""
        ...

    async def append(
        self,
        generation_id: str,
        events: Sequence[Event],
        *,
        after_seq: int,
        epoch: int,
        source_id: str | None,
    ) -> list[Recorded]:
        """Store `events` as `after_seq+1…` with the upstream position, all or nothing.

        Returns when they are committed; only then does any reader see them. A None `source_id`
        keeps the stored one. Raises `StaleWriter` unless `after_seq` and `epoch` are current and
        the log is open; an empty batch is a ValueError.
        """
        ...

    def read(
        self, generation_id: str, after: int = 0, *, snapshot: bool = False
    ) -> AsyncGenerator[Recorded, None]:
        """Replay after seq `after`, then follow: no gap, no repeat; ends after the terminal event.

        A reader that lags gets adjacent output of one block merged. With `snapshot`, or when
        `after` was trimmed (then a `StreamGap` comes first), a `Snapshot` stands for the past.
        A position beyond the end waits for it. Close it with `aclosing`.
        """
        ...

    async def page(self, generation_id: str, after: int, limit: int) -> list[Recorded]:
        """Stored events after `after`, unmerged, at most `limit`. Never waits for new ones."""
        ...

    async def last_seq(self, generation_id: str) -> int:
        """Seq of the last committed event, 0 when there is none."""
        ...

    async def trim(self, generation_id: str, through: int) -> None:
        """Forget events up to `through`, keeping their fold as the snapshot in their place."""
        ...


class Store(Protocol):
    """Projects and generations. Knows nothing of access: the use cases do (`resolvers/access`)."""

    async def create_project(self, project: Project) -> None: ...

    async def project(self, project_id: str) -> Project | None: ...

    async def projects(self, user_id: str, *, first: int, after: str | None) -> Page[Project]:
        """Newest first; `after` is the id of the last project of the page before."""
        ...

    async def recent_projects(self, user_id: str, *, limit: int) -> list[Project]:
        """The user's projects, most recently touched first."""
        ...

    async def rename_project(self, project_id: str, name: str) -> Project | None:
        """The project under its new name, None when it does not exist."""
        ...

    async def delete_project(self, project_id: str) -> None:
        """Forget it with its conversation and generations; unknown ones are forgotten."""
        ...

    async def add_message(self, generation: Generation, message: ChatMessage) -> None:
        """Append to the conversation and touch the project.

        A generation adds one message of a role: a second one, after a crash, changes nothing.
        Ignored when the project does not exist any more.
        """
        ...

    async def history(self, project_id: str, *, last: int) -> list[ChatMessage]:
        """The newest `last` messages, oldest first."""
        ...

    async def create_generation(self, generation: Generation) -> Generation:
        """Insert it, or return the one that its (user, idempotency key) names already."""
        ...

    async def generation(self, generation_id: str) -> Generation | None: ...

    async def generation_by_key(self, user_id: str, idempotency_key: str) -> Generation | None: ...

    async def active_generation(self, project_id: str) -> Generation | None: ...

    async def generations(
        self, project_id: str, *, first: int, after: str | None
    ) -> Page[Generation]: ...

    async def unfinished(self) -> list[Generation]:
        """Every generation in an active state, oldest first."""
        ...

    async def transition(
        self,
        generation_id: str,
        to: GenerationStatus,
        *,
        error_code: ErrorCode | None = None,
        version: str | None = None,
        message: str | None = None,
        note: VersionNote | None = None,
    ) -> bool:
        """Compare-and-set along `TRANSITIONS`; false when the present state does not allow it.

        `note` is about `version`, and kept with it or not at all.
        """
        ...

    async def version_context(self, project_id: str, version: str | None) -> VersionContext | None:
        """What a version (a full hash) was made from, if a note of it was kept; without a hash,
        what the newest one with a note was."""
        ...

    async def record_plan(self, generation_id: str, plan: Plan) -> None:
        """Replace the plan of an active generation; ignored after its end."""
        ...

    async def record_skills(self, generation_id: str, skills: Sequence[str]) -> None:
        """Replace the skills of an active generation; ignored after its end."""
        ...

    async def record_progress(self, generation_id: str, percent: int, message: str) -> None:
        """Update progress of an active generation; ignored after its end."""
        ...


class Slots(Protocol):
    """Admission: how many generations run, per user and in all. Slots belong to generations."""

    async def acquire(self, user_id: str, generation_id: str, *, force: bool = False) -> None:
        """Take a slot; `force` (recovery) ignores the limits. Acquiring twice is acquiring once.

        Raises `UserLimitReached` (naming the holder) or `DreamCoreError(SYSTEM_LIMIT_REACHED)`.
        """
        ...

    async def release(self, generation_id: str) -> None:
        """Give the slot back; releasing twice releases once."""
        ...


class Identity(Protocol):
    """Who a bearer token speaks for."""

    async def authenticate(self, token: str | None) -> Viewer:
        """Raises `DreamCoreError(UNAUTHENTICATED)` for a missing, forged or expired token."""
        ...


class Metrics(Protocol):
    """Hooks for observation. Implementations must be quick and must not raise."""

    def generation_started(self) -> None: ...

    def generation_ended(self, status: GenerationStatus, code: ErrorCode | None) -> None: ...

    def events_appended(self, count: int) -> None: ...
