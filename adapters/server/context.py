"""`info.context` of one operation."""

from dataclasses import dataclass

from schema.assets import Assets
from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer
from schema.publishing import Publishing
from schema.use_cases import Generations, Projects


@dataclass(slots=True)
class OperationContext:
    """Implements `schema.graphql.context.Context` and what the endpoint reads of it."""

    viewer: Viewer | None
    projects: Projects
    generations: Generations
    assets: Assets
    publishing: Publishing
    last_event_id: str | None = None
    delivered_cursor: str | None = None

    def require_viewer(self) -> Viewer:
        """The authenticated user, or UNAUTHENTICATED."""
        if self.viewer is None:
            raise DreamCoreError(ErrorCode.UNAUTHENTICATED)
        return self.viewer
