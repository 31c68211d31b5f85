"""The one writer of a generation's log, while it holds the lease."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from resolvers.translation import Translator
from schema.events import Event, Recorded
from schema.ports import EventLog, Lease, Metrics

RESTORED_PAGE = 1_000


@dataclass(slots=True)
class LogWriter:
    """Appends behind what it appended before. Not to be cancelled while it does: the numbers of
    events that may or may not be stored are lost."""

    log: EventLog
    metrics: Metrics
    lease: Lease
    translator: Translator = field(default_factory=Translator)

    async def restore(self) -> list[Recorded]:
        """Continue behind an earlier writer; all that it stored."""
        restored: list[Recorded] = []
        while self.translator.seq < self.lease.last_seq:
            page = await self.log.page(self.lease.generation_id, self.translator.seq, RESTORED_PAGE)
            if not page:
                raise LookupError("the log of an active generation was trimmed")
            self.translator.restore(page)
            restored += page
        return restored

    async def tell(self, *events: Event) -> None:
        """Append events that do not come from execution."""
        await self.append(self.translator.emit(*events))

    async def append(self, events: Sequence[Event], source_id: str | None = None) -> None:
        """Append a batch that is numbered already. Raises `StaleWriter`."""
        recorded = await self.log.append(
            self.lease.generation_id,
            events,
            after_seq=self.translator.seq - len(events),
            epoch=self.lease.epoch,
            source_id=source_id,
        )
        self.metrics.events_appended(len(recorded))
