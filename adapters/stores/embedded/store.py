"""Projects and generations in SQLite."""

import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from adapters.stores.embedded.asset_store import EmbeddedAssetStore
from adapters.stores.embedded.database import Database
from adapters.stores.embedded.draft_store import EmbeddedDraftStore
from adapters.stores.embedded.store_history import append_message, newest_messages
from adapters.stores.embedded.store_migrations import MIGRATIONS
from adapters.stores.embedded.store_notes import find_context
from adapters.stores.embedded.store_progress import (
    IS_ACTIVE,
    change_status,
    raise_progress,
    replace_plan,
    replace_skills,
)
from adapters.stores.embedded.store_queries import find, insert, page
from adapters.stores.embedded.store_tables import (
    JOB_COLUMNS,
    PROJECT_COLUMNS,
    PROJECTS,
    generation_of,
    job_row,
    project_of,
    project_row,
    timestamp,
)
from schema.errors import DreamCoreError, ErrorCode
from schema.models import (
    ChatMessage,
    Generation,
    GenerationStatus,
    Page,
    Plan,
    Project,
    VersionContext,
    VersionNote,
)

_JOBS: Final = f"SELECT {JOB_COLUMNS} FROM jobs WHERE"


def _now() -> datetime:
    return datetime.now(UTC)


class EmbeddedStore:
    """`schema.ports.Store` over one SQLite file.

    A page's `after` that names nothing in the same list is refused with INVALID_CURSOR, and a
    generation for a project that is gone with PROJECT_NOT_FOUND. `assets` and `drafts` are in the
    same file.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database: Final = database
        self._now: Final = now
        self.assets: Final = EmbeddedAssetStore(database, now)
        self.drafts: Final = EmbeddedDraftStore(database, now)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator[Self, None]:
        """The store in the file `path`, created when missing. Raises like `Database.open`."""
        async with Database.open(path, MIGRATIONS) as database:
            yield cls(database)

    async def create_project(self, project: Project) -> None:
        """Insert it."""

        def work(connection: sqlite3.Connection) -> None:
            insert(connection, "projects", PROJECT_COLUMNS, project_row(project))

        await self._database.run(work)

    async def project(self, project_id: str) -> Project | None:
        """The project, whoever owns it."""
        query = f"{PROJECTS} id = ?"
        return await self._database.read(lambda c: find(c, project_of, query, project_id))

    async def projects(self, user_id: str, *, first: int, after: str | None) -> Page[Project]:
        """Newest first; `after` is the id of the last project of the page before."""
        query = f"{PROJECTS} user_id = ?"
        return await self._database.read(
            lambda c: page(c, project_of, query, user_id, first=first, after=after)
        )

    async def recent_projects(self, user_id: str, *, limit: int) -> list[Project]:
        """The user's projects, most recently touched first."""
        query = f"{PROJECTS} user_id = ? ORDER BY updated_at DESC, id DESC LIMIT ?"
        return await self._database.read(
            lambda c: [project_of(row) for row in c.execute(query, (user_id, limit))]
        )

    async def rename_project(self, project_id: str, name: str) -> Project | None:
        """The project under its new name, None when it does not exist."""
        update = "UPDATE projects SET name = ?, updated_at = ? WHERE id = ?"
        at = timestamp(self._now())

        def work(connection: sqlite3.Connection) -> Project | None:
            connection.execute(update, (name, at, project_id))
            return find(connection, project_of, f"{PROJECTS} id = ?", project_id)

        return await self._database.run(work)

    async def delete_project(self, project_id: str) -> None:
        """Forget it with its conversation and generations."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM projects WHERE id = ?", (project_id,))

        await self._database.run(work)

    async def add_message(self, generation: Generation, message: ChatMessage) -> None:
        """Append to the conversation, once a generation and role, and touch the project."""
        await self._database.run(lambda c: append_message(c, generation, message))

    async def history(self, project_id: str, *, last: int) -> list[ChatMessage]:
        """The newest `last` messages, oldest first."""
        return await self._database.read(lambda c: newest_messages(c, project_id, last))

    async def create_generation(self, generation: Generation) -> Generation:
        """Insert it, or return the one that its (user, idempotency key) names already."""
        user_id, key = generation.user_id, generation.idempotency_key

        def work(connection: sqlite3.Connection) -> Generation:
            query = f"{_JOBS} user_id = ? AND idempotency_key = ?"
            existing = find(connection, generation_of, query, user_id, key)
            if existing is not None:
                return existing
            query = f"{PROJECTS} id = ?"
            if find(connection, project_of, query, generation.project_id) is None:
                raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)
            insert(connection, "jobs", JOB_COLUMNS, job_row(generation))
            return generation

        return await self._database.run(work)

    async def generation(self, generation_id: str) -> Generation | None:
        """The generation, whoever owns it."""
        query = f"{_JOBS} id = ?"
        return await self._database.read(lambda c: find(c, generation_of, query, generation_id))

    async def generation_by_key(self, user_id: str, idempotency_key: str) -> Generation | None:
        """The generation that the user started under this key."""
        query = f"{_JOBS} user_id = ? AND idempotency_key = ?"
        return await self._database.read(
            lambda c: find(c, generation_of, query, user_id, idempotency_key)
        )

    async def active_generation(self, project_id: str) -> Generation | None:
        """The newest generation of the project that has not ended."""
        query = f"{_JOBS} project_id = ? AND {IS_ACTIVE} ORDER BY created_at DESC, id DESC LIMIT 1"
        return await self._database.read(lambda c: find(c, generation_of, query, project_id))

    async def generations(
        self, project_id: str, *, first: int, after: str | None
    ) -> Page[Generation]:
        """Newest first; `after` is the id of the last generation of the page before."""
        query = f"{_JOBS} project_id = ?"
        return await self._database.read(
            lambda c: page(c, generation_of, query, project_id, first=first, after=after)
        )

    async def unfinished(self) -> list[Generation]:
        """Every generation in an active state, oldest first."""
        query = f"{_JOBS} {IS_ACTIVE} ORDER BY created_at, id"
        return await self._database.read(lambda c: [generation_of(row) for row in c.execute(query)])

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

        `message` replaces the progress text. Completion brings progress to 100; a failure also
        leaves its text, `message` or the code's own, in the legacy column `error`.
        """
        parameters = (generation_id, to, error_code, version, message, note, self._now())
        return await self._database.run(lambda c: change_status(c, *parameters))

    async def version_context(self, project_id: str, version: str | None) -> VersionContext | None:
        """What a version was made from, or the newest one that has a note."""
        return await self._database.read(lambda c: find_context(c, project_id, version))

    async def record_plan(self, generation_id: str, plan: Plan) -> None:
        """Replace the plan of an active generation; ignored after its end."""
        await self._database.run(lambda c: replace_plan(c, generation_id, plan, self._now()))

    async def record_skills(self, generation_id: str, skills: Sequence[str]) -> None:
        """Replace the skills of an active generation; ignored after its end."""
        await self._database.run(lambda c: replace_skills(c, generation_id, skills, self._now()))

    async def record_progress(self, generation_id: str, percent: int, message: str) -> None:
        """Update an active generation, ignored after its end; progress never falls."""
        parameters = (generation_id, percent, message, self._now())
        await self._database.run(lambda c: raise_progress(c, *parameters))
