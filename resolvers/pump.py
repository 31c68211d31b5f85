"""One generation from its acceptance to its terminal event: execution in, log out.

The pump holds the lease of the log. It reads execution as fast as that speaks into a bounded
queue and writes whatever has gathered as one batch, so that load makes batches larger, not
queues longer. The upstream position travels with every batch: whoever continues after a crash
neither repeats nor skips (design: "A generation's life").
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from resolvers.pipeline import Ports
from resolvers.translation import (
    Ending,
    Translator,
    failed,
    failed_by,
    said_as_interruption,
)
from schema.errors import DreamCoreError, ErrorCode, StaleWriter
from schema.events import Accepted, Cancelled, Event, Progress, Started, is_terminal
from schema.execution import Positioned, RunRequest
from schema.models import Generation, GenerationStatus, Route
from schema.ports import Lease

logger = logging.getLogger(__name__)

BUFFERED_EVENTS = 512
PROGRESS_ROW_SECONDS = 1.0
FIRST_EVENT_SECONDS = 5.0
CANCEL_ATTEMPTS = 10
CANCEL_GRACE_SECONDS = 5.0
RESTORED_PAGE = 1_000


@dataclass(slots=True)
class Pump:
    """Drives one generation. `deadline` is in seconds and covers everything upstream."""

    generation: Generation
    ports: Ports
    lease: Lease
    deadline: float
    cancel_requested: asyncio.Event
    translator: Translator = field(default_factory=Translator)
    _queue: asyncio.Queue[Positioned | Ending] = field(
        default_factory=lambda: asyncio.Queue(BUFFERED_EVENTS)
    )
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _progress: Progress = field(default=Progress(0, ""))

    async def run(self) -> Ending:
        """Everything up to the terminal event, which is returned and not yet written.

        Raises `StaleWriter` when another process has taken the generation over.
        """
        await self._restore()
        resumed = self.translator.seq > 0
        if not resumed:
            await self.append(self.translator.emit(Accepted(), Started()))
        await self.ports.store.transition(self.generation.id, GenerationStatus.PROCESSING)
        if self.generation.plan.route is not Route.RUN:
            return await self._answer()
        ending = await self._follow()
        if not ending.upstream:
            # Whatever made us give up, the run must not work on behind our back.
            with suppress(DreamCoreError):
                await self.ports.execution.cancel(self.generation.id)
        return said_as_interruption(ending) if resumed else ending

    async def append(self, events: list[Event], source_id: str | None = None) -> None:
        """Write a batch behind what this pump wrote before."""
        recorded = await self.ports.log.append(
            self.generation.id,
            events,
            after_seq=self.translator.seq - len(events),
            epoch=self.lease.epoch,
            source_id=source_id,
        )
        self.ports.metrics.events_appended(len(recorded))

    async def _restore(self) -> None:
        while self.translator.seq < self.lease.last_seq:
            page = await self.ports.log.page(self.generation.id, self.translator.seq, RESTORED_PAGE)
            if not page:
                raise LookupError("the log of an active generation was trimmed")
            self.translator.restore(page)

    async def _answer(self) -> Ending:
        """A message that needs no run; after a crash only what is missing is said."""
        *events, end = await self.ports.pipeline.answers(self.generation)
        said = self.translator.seq - len((Accepted, Started))
        if remaining := events[max(said, 0) :]:
            await self.append(self.translator.emit(*remaining))
        return Ending(end)

    async def _follow(self) -> Ending:
        try:
            async with asyncio.TaskGroup() as group:
                companions = [
                    group.create_task(self._receive()),
                    group.create_task(self._cancel_when_asked()),
                    group.create_task(self._record_progress()),
                    group.create_task(self._expire()),
                ]
                try:
                    return await self._write()
                finally:
                    for companion in companions:
                        companion.cancel()
        except ExceptionGroup as broken:
            if broken.subgroup(StaleWriter) is not None:
                raise StaleWriter from broken
            raise

    async def _receive(self) -> None:
        try:
            async with aclosing(await self._upstream()) as stream:
                async for positioned in stream:
                    self._heard.set()
                    await self._queue.put(positioned)
            error = DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        except DreamCoreError as raised:
            error = raised
        await self._queue.put(Ending(failed_by(error)))

    async def _upstream(self) -> AsyncGenerator[Positioned, None]:
        if self.lease.source_id is not None:
            return self.ports.execution.attach(self.generation.id, after=self.lease.source_id)
        request = RunRequest(
            user_id=self.generation.user_id,
            project_id=self.generation.project_id,
            run_id=self.generation.id,
            message=self.generation.plan.prompt,
            skills=self.generation.skills,
            context=await self.ports.pipeline.context(self.generation),
        )
        return self.ports.execution.run(request)

    async def _write(self) -> Ending:
        """Batches into the log until something ends the generation."""
        while True:
            waiting = [await self._queue.get()]
            while not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            batch: list[Event] = []
            source_id: str | None = None
            ending: Ending | None = None
            for item in waiting:
                if isinstance(item, Ending):
                    ending = item
                    break
                translated = self.translator.translate(item.event)
                if translated and is_terminal(translated[-1]):
                    # Numbered again when it is written: the slot is freed in between.
                    self.translator.seq -= 1
                    ending = Ending(translated[-1], item.source_id, upstream=True)
                    break
                batch += translated
                source_id = item.source_id or source_id
            if batch:
                await self.append(batch, source_id)
                self._note_progress(batch)
            if ending is not None:
                return ending

    def _note_progress(self, batch: list[Event]) -> None:
        for event in reversed(batch):
            if isinstance(event, Progress):
                self._progress = event
                self._moved.set()
                return

    async def _record_progress(self) -> None:
        while True:
            await self._moved.wait()
            self._moved.clear()
            with suppress(DreamCoreError):  # the log has it all
                await self.ports.store.record_progress(
                    self.generation.id, self.translator.percent, self._progress.message
                )
            await asyncio.sleep(PROGRESS_ROW_SECONDS)

    async def _expire(self) -> None:
        # Not a timeout around the writer: that would cancel an append whose outcome matters.
        await asyncio.sleep(self.deadline)
        await self._queue.put(Ending(failed(ErrorCode.CLI_TIMEOUT)))

    async def _cancel_when_asked(self) -> None:
        await self.cancel_requested.wait()
        # An older endpoint forgets a cancel that overtakes the start.
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_EVENT_SECONDS):
                await self._heard.wait()
        for attempt in range(1, CANCEL_ATTEMPTS + 1):
            try:
                await self.ports.execution.cancel(self.generation.id)
                break
            except DreamCoreError as error:
                logger.warning("cancel not confirmed", extra={"attempt": attempt})
                if attempt == CANCEL_ATTEMPTS:
                    await self._queue.put(Ending(failed_by(error)))
                    return
                await asyncio.sleep(1.0)
        await asyncio.sleep(CANCEL_GRACE_SECONDS)
        await self._queue.put(Ending(Cancelled()))
