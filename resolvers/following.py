"""One run, followed from its start to its end: execution in, log out.

It reads execution as fast as that speaks into a bounded queue and writes whatever has gathered as
one batch, so that load makes batches larger, not queues longer. The upstream position travels with
every batch: whoever continues after a crash neither repeats nor skips.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from resolvers.log_writer import LogWriter
from resolvers.pipeline import Ports
from resolvers.translation import Ending, ending_of, failed, failed_by
from schema.errors import DreamCoreError, ErrorCode, StaleWriter
from schema.events import Cancelled, Event, Progress
from schema.execution import Done, Error, Positioned, RunRequest
from schema.models import Generation

logger = logging.getLogger(__name__)

BUFFERED_EVENTS = 512
PROGRESS_ROW_SECONDS = 1.0
FIRST_EVENT_SECONDS = 5.0
CANCEL_ATTEMPTS = 10
CANCEL_GRACE_SECONDS = 5.0


@dataclass(slots=True)
class Following:
    """Follows the run of one generation. `deadline` is in seconds and covers all of it."""

    generation: Generation
    ports: Ports
    writer: LogWriter
    deadline: float
    cancel_requested: asyncio.Event
    _queue: asyncio.Queue[Positioned | Ending] = field(
        default_factory=lambda: asyncio.Queue(BUFFERED_EVENTS)
    )
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _progress: Progress = field(default=Progress(0, ""))

    async def run(self) -> Ending:
        """The end of the run, or why it was given up."""
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
        if self.writer.lease.source_id is not None:
            return self.ports.execution.attach(
                self.generation.id, after=self.writer.lease.source_id
            )
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
                if isinstance(item.event, Done | Error):
                    ending = ending_of(item.event, item.source_id)
                    break
                batch += self.writer.translator.translate(item.event)
                source_id = item.source_id or source_id
            if batch:
                await self.writer.append(batch, source_id)
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
                    self.generation.id, self.writer.translator.percent, self._progress.message
                )
            await asyncio.sleep(PROGRESS_ROW_SECONDS)

    async def _expire(self) -> None:
        # Not a timeout around the writer: that would cancel an append whose outcome matters.
        await asyncio.sleep(self.deadline)
        await self._queue.put(Ending(failed(ErrorCode.CLI_TIMEOUT)))

    async def _cancel_when_asked(self) -> None:
        await self.cancel_requested.wait()
        overtook = not self._heard.is_set()
        cancelled = await self._cancelled()
        if cancelled and overtook:
            # An older endpoint forgets a cancel that overtakes the start.
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_EVENT_SECONDS):
                    await self._heard.wait()
            cancelled = await self._cancelled()
        if cancelled:
            await asyncio.sleep(CANCEL_GRACE_SECONDS)
            await self._queue.put(Ending(Cancelled()))

    async def _cancelled(self) -> bool:
        """Cancel the run; false when nobody confirms it, which ends the generation as it is."""
        for attempt in range(1, CANCEL_ATTEMPTS + 1):
            try:
                await self.ports.execution.cancel(self.generation.id)
                return True
            except DreamCoreError as error:
                logger.warning("cancel not confirmed", extra={"attempt": attempt})
                if attempt == CANCEL_ATTEMPTS:
                    await self._queue.put(Ending(failed_by(error)))
                    break
                await asyncio.sleep(1.0)
        return False
