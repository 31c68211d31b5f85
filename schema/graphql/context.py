"""What the fields find on `info.context`; an adapter provides it."""

from typing import Protocol

import strawberry

from schema.assets import Assets
from schema.models import Viewer
from schema.publishing import Publishing
from schema.use_cases import Generations, Projects


class Context(Protocol):
    """One operation.

    A subscription sets `delivered_cursor` right before it yields: an event stream sends it as
    the `id:` of that event.
    """

    projects: Projects
    generations: Generations
    assets: Assets
    publishing: Publishing
    delivered_cursor: str | None

    @property
    def last_event_id(self) -> str | None:
        """The `Last-Event-ID` of an event stream: the cursor of the last event that arrived."""
        ...

    def require_viewer(self) -> Viewer:
        """The authenticated user. Raises `DreamCoreError(UNAUTHENTICATED)`."""
        ...


Info = strawberry.Info[Context, None]
