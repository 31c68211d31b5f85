"""Owns every running generation: one task group, not the watchers, keeps them alive."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from resolvers.log_writer import LogWriter
from resolvers.pipeline import Ports
from resolvers.pump import Pump
from resolvers.stopping import outcome_of
from resolvers.translation import failed
from resolvers.versions import note_in
from schema.errors import DreamCoreError, ErrorCode, StaleWriter
from schema.events import Cancelled, Completed, Event, Failed, Reply
from schema.execution import PUMP_SECONDS
from schema.models import Generation, GenerationStatus
from schema.ports import Lease, Slots

Result = TypeVar("Result")

# The code and the name that a run gave are told right before its end.
_ENDING: Final = 3

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """A generation at work in this process. `concluding`: its end may be visible already."""

    project_id: str
    concluding: bool = False
    task: asyncio.Task[None] | None = None
    cancel_requested: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Engine:
    """Launches, cancels and recovers generations. Make it with `running_engine`."""

    ports: Ports
    slots: Slots
    group: asyncio.TaskGroup
    deadline: float = PUMP_SECONDS
    # Held while a generation is admitted: what it was judged by does not change meanwhile.
    admission: asyncio.Lock = field(default_factory=asyncio.Lock)
    _running: dict[str, Running] = field(default_factory=dict)

    def launch(self, generation: Generation) -> None:
        """Drive an admitted generation to its end, or on from where an earlier process stopped."""
        if generation.id not in self._running:
            running = self._running[generation.id] = Running(generation.project_id)
            running.task = self.group.create_task(self._run(generation, running))

    async def to_the_end(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Finish `work` even when the caller goes away meanwhile, as clients do."""
        task = self.group.create_task(outcome_of(work))
        outcome = await asyncio.shield(task)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def runs(self, generation_id: str) -> bool:
        """Whether this process drives it."""
        return generation_id in self._running

    async def cancel(self, generation_id: str) -> None:
        """Stop a generation of this process and wait for its end; others have ended already."""
        running = self._running.get(generation_id)
        if running is not None:
            running.cancel_requested.set()
            await running.ended.wait()

    async def settled(self, project_id: str) -> None:
        """Wait until the rows of a project say what the logs of its generations have shown: whoever
        saw an end must not find the project busy, or its version without a note."""
        for running in tuple(self._running.values()):
            if running.concluding and running.project_id == project_id:
                await running.ended.wait()

    def stop(self) -> None:
        """Let go of everything without ending it."""
        for running in self._running.values():
            if running.task is not None:
                running.task.cancel()

    async def recover(self) -> int:
        """Take up every generation without a terminal event. Returns how many."""
        unfinished = await self.ports.store.unfinished()
        for generation in unfinished:
            await self.slots.acquire(generation.user_id, generation.id, force=True)
            self.launch(generation)
        return len(unfinished)

    async def _run(self, generation: Generation, running: Running) -> None:
        try:
            await self._drive(generation, running)
        except StaleWriter:
            logger.warning("generation taken over elsewhere", extra={"generation": generation.id})
        except Exception:
            logger.exception("generation broke", extra={"generation": generation.id})
            try:
                await self._end_broken(generation, running)
            except (DreamCoreError, StaleWriter):
                logger.exception("left to recovery", extra={"generation": generation.id})
        finally:
            await self.slots.release(generation.id)
            del self._running[generation.id]
            running.ended.set()

    async def _drive(self, generation: Generation, running: Running) -> None:
        lease = await self.ports.log.acquire(generation.id)
        if not lease.closed:
            self.ports.metrics.generation_started()
            writer = LogWriter(self.ports.log, self.ports.metrics, lease)
            pump = Pump(generation, self.ports, writer, self.deadline, running.cancel_requested)
            ending = await pump.run()
            told: list[Event] = []
            if isinstance(ending.event, Completed):
                reply = pump.answer if isinstance(pump.answer, Reply) else None
                concluding = self.ports.pipeline.conclude(pump.generation, ending.event, reply)
                told = [*ending.before, *await concluding]
            # Before the end is visible, so that whoever sees it may start the next one.
            await self.slots.release(generation.id)
            last = writer.translator.emit(*told, ending.event)
            running.concluding = True
            await writer.append(last, ending.source_id)
        await self._settle(generation)

    async def _settle(self, generation: Generation) -> None:
        """Bring the durable row to the state that the log ended with."""
        last = await self.ports.log.last_seq(generation.id)
        ending = await self.ports.log.page(generation.id, max(last - _ENDING, 0), _ENDING)
        status, code, version = _outcome(ending[-1].event)
        await self.ports.store.transition(
            generation.id, status, error_code=code, version=version, note=note_in(ending)
        )
        self.ports.metrics.generation_ended(status, code)

    async def _end_broken(self, generation: Generation, running: Running) -> None:
        lease: Lease = await self.ports.log.acquire(generation.id)
        if not lease.closed:
            with suppress(DreamCoreError):
                await self.ports.execution.cancel(generation.id)
            await self.slots.release(generation.id)
            running.concluding = True
            await self.ports.log.append(
                generation.id,
                [failed(ErrorCode.INTERNAL)],
                after_seq=lease.last_seq,
                epoch=lease.epoch,
                source_id=None,
            )
        await self._settle(generation)


def _outcome(event: object) -> tuple[GenerationStatus, ErrorCode | None, str | None]:
    match event:
        case Completed(version=version):
            return GenerationStatus.COMPLETED, None, version
        case Cancelled():
            return GenerationStatus.CANCELLED, None, None
        case Failed(code=code):
            return GenerationStatus.FAILED, code, None
        case _:
            raise AssertionError("a closed log ends with a terminal event")


@asynccontextmanager
async def running_engine(
    ports: Ports, slots: Slots, *, deadline: float = PUMP_SECONDS
) -> AsyncGenerator[Engine, None]:
    """An engine for the life of the process; what still runs at the end stays resumable."""
    async with asyncio.TaskGroup() as group:
        engine = Engine(ports, slots, group, deadline)
        await engine.recover()
        try:
            yield engine
        finally:
            engine.stop()
