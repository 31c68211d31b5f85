"""The one ownership rule: what is not yours does not exist.

Every use case reaches projects and generations through here, so that a foreign resource and a
missing one cannot be told apart on any protocol.
"""

from dataclasses import dataclass

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.models import Generation, Project, Viewer
from schema.ports import Store


@dataclass(frozen=True, slots=True)
class Access:
    """Looks resources up on behalf of a viewer."""

    store: Store

    async def project(self, viewer: Viewer, project_id: str) -> Project:
        """Raises `DreamCoreError(PROJECT_NOT_FOUND)`, for malformed ids too."""
        found = await self.store.project(project_id.lower()) if is_uuid(project_id) else None
        if found is None or found.user_id != viewer.user_id:
            raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)
        return found

    async def generation(self, viewer: Viewer, generation_id: str) -> Generation:
        """Raises `DreamCoreError(GENERATION_NOT_FOUND)`, for malformed ids too."""
        known = is_uuid(generation_id)
        found = await self.store.generation(generation_id.lower()) if known else None
        if found is None or found.user_id != viewer.user_id:
            raise DreamCoreError(ErrorCode.GENERATION_NOT_FOUND)
        return found
