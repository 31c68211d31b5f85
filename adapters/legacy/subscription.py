"""One socket's subscription to one job."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field

from adapters.legacy import frames
from adapters.legacy.frames import Frame
from adapters.legacy.joining import Joined
from adapters.legacy.ports import Ports
from schema.errors import DreamCoreError, ErrorCode
from schema.events import Cancelled
from schema.models import Project, Viewer


@dataclass(slots=True)
class Subscription:
    """The frames of a job, from where it was joined to its end.

    `finished` is set when no frame will follow. Of a job in `stopping` the `cancelled` frame is
    left to whoever asked for it.
    """

    ports: Ports
    viewer: Viewer
    joined: Joined
    stopping: Collection[str]
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def job_id(self) -> str:
        """The generation."""
        return self.joined.view.row.id

    async def follow(self) -> AsyncGenerator[Frame, None]:
        """Every frame, `gameUpdated` and a push of the new name included.

        Raises `DreamCoreError` when the job's project has gone meanwhile.
        """
        view = self.joined.view
        if self.joined.catch_up:
            yield frames.stream(self.joined.catch_up)
        events = await self.ports.generations.watch(
            self.viewer, self.job_id, after=self.joined.after
        )
        async with aclosing(events):
            async for recorded in events:
                told = view.take(recorded)
                if isinstance(recorded.event, Cancelled) and self.job_id in self.stopping:
                    continue
                for frame in told:
                    yield frame
        if view.ended and view.renamed:
            project = await self._renamed_project()
            if project is not None:
                yield frames.project_renamed(project)

    async def _renamed_project(self) -> Project | None:
        try:
            return await self.ports.projects.get(self.viewer, self.joined.view.row.project_id)
        except DreamCoreError as error:
            if error.code is not ErrorCode.PROJECT_NOT_FOUND:
                raise
            return None
