"""Use cases around projects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from resolvers.access import Access
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.mirror import Mirror, VersionRecord
from schema.models import ChatMessage, Generation, Page, Project, Viewer
from schema.ports import Store

MAX_NAME_CHARACTERS = 200
MAX_PAGE = 100
MAX_RECENT = 1_000


def checked_name(name: str) -> str:
    """A project name without surrounding blanks and control characters.

    Raises `DreamCoreError(INVALID_INPUT)` when nothing or too much is left.
    """
    clean = "".join(character for character in name if character.isprintable()).strip()
    if not 0 < len(clean) <= MAX_NAME_CHARACTERS:
        raise DreamCoreError(
            ErrorCode.INVALID_INPUT,
            f"The project name must have between 1 and {MAX_NAME_CHARACTERS} characters.",
        )
    return clean


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

    async def history(self, project: Project, *, last: int) -> list[ChatMessage]:
        """The conversation's newest `last` messages, oldest first."""
        return await self.store.history(project.id, last=checked_page_size(last))

    async def versions(self, project: Project, *, first: int) -> list[VersionRecord]:
        """The project's versions, newest first."""
        return await self.mirror.history(project.id, first)

    async def active_generation(self, project: Project) -> Generation | None:
        """The generation that is running in the project, if any."""
        return await self.store.active_generation(project.id)

    async def generations(
        self, project: Project, *, first: int, after: str | None
    ) -> Page[Generation]:
        """The project's generations, newest first."""
        return await self.store.generations(project.id, first=checked_page_size(first), after=after)
