"""Use cases around projects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from resolvers.access import Access
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.models import Generation, Page, Project, Viewer
from schema.ports import Store

MAX_NAME_CHARACTERS = 200
MAX_PAGE = 100


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

    async def list(self, viewer: Viewer, *, first: int, after: str | None) -> Page[Project]:
        """The viewer's projects, newest first."""
        return await self.store.projects(
            viewer.user_id, first=checked_page_size(first), after=after
        )

    async def active_generation(self, project: Project) -> Generation | None:
        """The generation that is running in the project, if any."""
        return await self.store.active_generation(project.id)

    async def generations(
        self, project: Project, *, first: int, after: str | None
    ) -> Page[Generation]:
        """The project's generations, newest first."""
        return await self.store.generations(project.id, first=checked_page_size(first), after=after)
