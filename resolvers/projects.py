"""Use cases around projects."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from resolvers.access import Access
from resolvers.best_effort import best_effort
from resolvers.engine import Engine
from resolvers.publishing import PublishingUseCases
from resolvers.texts import is_writable
from resolvers.versions import fetch_version, forget_if_deleted
from schema.errors import DreamCoreError, ErrorCode
from schema.execution_port import Execution
from schema.identifiers import random_uuid
from schema.mirror import Mirror, VersionRecord
from schema.models import ChatMessage, Generation, Page, Project, VersionContext, Viewer
from schema.ports import Store

MAX_NAME_CHARACTERS = 200
MAX_PAGE = 100
MAX_RECENT = 1_000
PAGE = "index.html"

logger = logging.getLogger(__name__)


def checked_name(name: str) -> str:
    """A project name as it was given, be it blank: the browser's protocol takes any.

    Raises `DreamCoreError(INVALID_INPUT)` when it is too long or cannot be stored.
    """
    if len(name) > MAX_NAME_CHARACTERS or not is_writable(name):
        raise DreamCoreError(
            ErrorCode.INVALID_INPUT,
            f"The project name must be text of at most {MAX_NAME_CHARACTERS} characters.",
        )
    return name


def checked_page_size(first: int) -> int:
    """Raises `DreamCoreError(INVALID_INPUT)` outside 1..`MAX_PAGE`."""
    if not 1 <= first <= MAX_PAGE:
        raise DreamCoreError(ErrorCode.INVALID_INPUT, f"`first` must be between 1 and {MAX_PAGE}.")
    return first


@dataclass(frozen=True, slots=True)
class ProjectUseCases:
    """Implements `schema.use_cases.Projects`."""

    store: Store
    mirror: Mirror
    execution: Execution
    engine: Engine
    publishing: PublishingUseCases
    now: Callable[[], datetime]

    async def create(self, viewer: Viewer, name: str) -> Project:
        """A new, empty project of the viewer."""
        at = self.now()
        project = Project(random_uuid(), viewer.user_id, checked_name(name), at, at)
        await self.store.create_project(project)
        return project

    async def get(self, viewer: Viewer, project_id: str) -> Project:
        """The viewer's project, or PROJECT_NOT_FOUND."""
        return await Access(self.store).project(viewer, project_id)

    async def page(self, viewer: Viewer, *, first: int, after: str | None) -> Page[Project]:
        """The viewer's projects, newest first."""
        return await self.store.projects(
            viewer.user_id, first=checked_page_size(first), after=after
        )

    async def recent(self, viewer: Viewer) -> list[Project]:
        """All of the viewer's projects, most recently touched first."""
        return await self.store.recent_projects(viewer.user_id, limit=MAX_RECENT)

    async def rename(self, viewer: Viewer, project_id: str, name: str) -> Project:
        """The project under its new name."""
        project = await Access(self.store).project(viewer, project_id)
        renamed = await self.store.rename_project(project.id, checked_name(name))
        if renamed is None:
            raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)
        return renamed

    async def delete(self, viewer: Viewer, project_id: str) -> None:
        """Stop what runs in the project, then forget it and its files."""
        project = await Access(self.store).project(viewer, project_id)
        await self.engine.to_the_end(self._delete(project))

    async def restore(self, viewer: Viewer, project_id: str, version: str) -> VersionRecord | None:
        """The version made with the files of an earlier one, None when they were so already."""
        project = await Access(self.store).project(viewer, project_id)
        wanted = await self.mirror.find(project.id, version.lower())
        if wanted is None:
            raise DreamCoreError(ErrorCode.VERSION_NOT_FOUND)
        if await self.active_generation(project) is not None:
            raise DreamCoreError(ErrorCode.PROJECT_BUSY)
        return await self.engine.to_the_end(self._restore(project, wanted))

    async def history(self, project: Project, *, last: int) -> list[ChatMessage]:
        """The conversation's newest `last` messages, oldest first."""
        return await self.store.history(project.id, last=checked_page_size(last))

    async def versions(self, project: Project, *, first: int) -> list[VersionRecord]:
        """The project's versions, newest first."""
        return await self.mirror.history(project.id, checked_page_size(first))

    async def version_diff(self, project: Project, version: str) -> str | None:
        """What a version changed in the page; None when there is no such version."""
        return await self.mirror.diff(project.id, PAGE, version.lower())

    async def version_context(
        self, project: Project, version: str | None = None
    ) -> VersionContext | None:
        """What a version, or without one the newest that has a run, was made from."""
        await self.engine.settled(project.id)
        if version is None:
            return await self.store.version_context(project.id, None)
        found = await self.mirror.find(project.id, version.lower())
        return None if found is None else await self.store.version_context(project.id, found)

    async def files(self, project: Project) -> list[str]:
        """Paths of the newest version, sorted."""
        return await self.mirror.files(project.id)

    async def file(self, project: Project, path: str) -> bytes | None:
        """A file of the newest version, None when there is none."""
        return await self.mirror.read(project.id, path)

    async def active_generation(self, project: Project) -> Generation | None:
        """The generation that is running in the project, if any."""
        await self.engine.settled(project.id)
        return await self.store.active_generation(project.id)

    async def generations(
        self, project: Project, *, first: int, after: str | None
    ) -> Page[Generation]:
        """The project's generations, newest first."""
        await self.engine.settled(project.id)
        return await self.store.generations(project.id, first=checked_page_size(first), after=after)

    async def _restore(self, project: Project, wanted: str) -> VersionRecord | None:
        newest = await self.execution.restore(project.user_id, project.id, wanted)
        # Known here already, unless the answer to an earlier restore was lost on its way.
        if newest == await self.mirror.head(project.id):
            return None
        await fetch_version(self.execution, self.mirror, project.user_id, project.id, newest)
        await forget_if_deleted(self.store, self.mirror, project.id)
        recent = await self.mirror.history(project.id, MAX_PAGE)
        return next((record for record in recent if record.hash == newest), None)

    async def _delete(self, project: Project) -> None:
        while (running := await self._deleted_unless_running(project)) is not None:
            await self.engine.cancel(running)
        await self.mirror.remove(project.id)
        with best_effort("thumbnail and movie of a deleted project are left"):
            await self.publishing.forget(project)
        try:
            await self.execution.delete_project(project.user_id, project.id)
        except DreamCoreError as error:
            told = {"project": project.id, "code": error.code.value}
            logger.warning("files of a deleted project are left in execution", extra=told)

    async def _deleted_unless_running(self, project: Project) -> str | None:
        """Forget the row, or name the generation that has to end before. Nobody starts another
        in between."""
        async with self.engine.admission:
            active = await self.store.active_generation(project.id)
            if active is not None and self.engine.runs(active.id):
                return active.id
            await self.store.delete_project(project.id)
            return None
