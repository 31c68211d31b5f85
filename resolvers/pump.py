"""One generation from its acceptance to its terminal event (design: "A generation's life").

What the message leads to, the run or the answer, and the images that the run asked for.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Final

from resolvers.boundary import Boundary, details
from resolvers.following import Following
from resolvers.illustration import Illustrated, Illustration
from resolvers.log_writer import LogWriter
from resolvers.pipeline import Ports
from resolvers.replies import ended_by, opening
from resolvers.stopping import Stopped, unless_stopped
from resolvers.translation import Ending, said_as_interruption
from schema.errors import DreamCoreError
from schema.events import (
    Accepted,
    Cancelled,
    Completed,
    Event,
    Progress,
    Recorded,
    Reply,
    RestoreProposed,
    Started,
)
from schema.models import Generation, GenerationStatus, Route

ILLUSTRATION_SECONDS: Final = 180.0
"""For one step of it; more than `illustration.IMAGE_SECONDS`, so that one image costs no other."""
SKILLS_TOLD: Final = 3
SKILLS_PERCENT: Final = 12
_BEGINNING: Final = (Accepted(), Started())

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Pump:
    """Drives one generation. `deadline` is in seconds and covers its run; `generation` says what
    was settled on the way, `answer` what was answered without a run."""

    generation: Generation
    ports: Ports
    writer: LogWriter
    deadline: float
    cancel_requested: asyncio.Event
    answer: Event | None = None

    async def run(self) -> Ending:
        """Everything up to the terminal event, which is returned and not yet written.

        Raises `StaleWriter` when another process has taken the generation over.
        """
        restored = await self.writer.restore()
        if not restored:
            await self.writer.tell(*_BEGINNING)
        self.answer = _answer_in(restored)
        await self.ports.store.transition(self.generation.id, GenerationStatus.PROCESSING)
        try:
            await self._prepare()
            if self.generation.plan.route is not Route.RUN:
                return await self._answered()
        except Stopped:
            if restored and self.generation.plan.route is Route.RUN:
                # The earlier process may have started the run, and died before it heard of it.
                await self._abandon()
            return Ending(Cancelled())
        ending = await self._followed()
        return said_as_interruption(ending) if restored else ending

    async def _prepare(self) -> None:
        """Settle what the message leads to, and the skills that its run gets."""
        if self.writer.lease.source_id is not None or self.answer is not None:
            return
        pipeline = self.ports.pipeline
        self.generation = await unless_stopped(
            self.cancel_requested, lambda: pipeline.decide(self.generation)
        )
        if self.generation.plan.route is not Route.RUN:
            return
        skills = await unless_stopped(
            self.cancel_requested, lambda: pipeline.skills(self.generation)
        )
        self.generation = replace(self.generation, skills=skills)
        if skills and self.writer.translator.percent < SKILLS_PERCENT:
            chosen = f"スキル選択: {', '.join(skills[:SKILLS_TOLD])}"
            await self.writer.tell(Progress(SKILLS_PERCENT, chosen))

    async def _answered(self) -> Ending:
        """A message that needs no run; after a crash only what is missing is said."""
        if self.answer is None:
            events = opening(self.generation.plan.route)
            if events and self.writer.translator.seq == len(_BEGINNING):
                await self.writer.tell(*events)
            answer = await unless_stopped(
                self.cancel_requested, lambda: self.ports.pipeline.answer(self.generation)
            )
            await self.writer.tell(answer)
            self.answer = answer
        return Ending(ended_by(self.answer))

    async def _followed(self) -> Ending:
        following = Following(
            self.generation, self.ports, self.writer, self.deadline, self.cancel_requested
        )
        ending = await following.run()
        if not ending.upstream:
            await self._abandon()
        illustration, completed = self.ports.pipeline.illustration, ending.event
        if illustration is None or not ending.images or not isinstance(completed, Completed):
            return ending
        shown = await self._illustrated(illustration, ending, completed.version)
        return ending if shown is None else ending.leading_to(shown)

    async def _abandon(self) -> None:
        """Whatever made us give up, the run must not work on behind our back."""
        with suppress(DreamCoreError):
            await self.ports.execution.cancel(self.generation.id)

    async def _illustrated(
        self, illustration: Illustration, ending: Ending, version: str | None
    ) -> str | None:
        """Make what the run asked for. The game is safe already: whatever breaks here, or a stop,
        only ends the drawing."""
        if version is None:
            return None
        shown: str | None = None
        drawing = illustration.draw(self.generation, version, ending.images)
        async with aclosing(drawing):
            while True:
                with Boundary() as boundary:
                    async with asyncio.timeout(ILLUSTRATION_SECONDS):
                        event = await unless_stopped(
                            self.cancel_requested, lambda: drawing.__anext__()
                        )
                if boundary.error is not None:
                    _note_end_of_drawing(boundary.error, self.generation.id)
                    return shown
                if isinstance(event, Illustrated):
                    shown = event.version
                else:
                    await self.writer.tell(event)


def _note_end_of_drawing(error: Exception, generation_id: str) -> None:
    if not isinstance(error, Stopped | StopAsyncIteration):
        told = {"generation": generation_id}
        logger.error("images given up", extra=told, exc_info=details(error))


def _answer_in(restored: Iterable[Recorded]) -> Event | None:
    """What an earlier process has answered already."""
    answers = (
        entry.event for entry in restored if isinstance(entry.event, Reply | RestoreProposed)
    )
    return next(answers, None)
