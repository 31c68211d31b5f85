"""What the fields find on `info.context`; an adapter provides it."""

from typing import Protocol

import strawberry

from schema.models import Viewer
from schema.ports import Generations, Projects


class Context(Protocol):
    """One request or one socket."""

    projects: Projects
    generations: Generations

    @property
    def last_event_id(self) -> str | None:
        """The `Last-Event-ID` of an event stream: the cursor of the last event that arrived."""
        ...

    def require_viewer(self) -> Viewer:
        """The authenticated user. Raises `DreamCoreError(UNAUTHENTICATED)`."""
        ...


Info = strawberry.Info[Context, None]
