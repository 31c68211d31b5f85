"""The embedded event log: one SQLite file, one writer, any number of readers in this process."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Self

from adapters.stores.embedded.log_archive import Archive
from adapters.stores.embedded.log_checkpoint import Checkpointer
from adapters.stores.embedded.log_commands import Acquire, Append, Trim
from adapters.stores.embedded.log_queries import read_expired, read_fold, read_head, read_page
from adapters.stores.embedded.log_reader import follow
from adapters.stores.embedded.log_tail import TailLimits, Tails
from adapters.stores.embedded.log_writer import GroupWriter
from schema.events import Event, Recorded, is_terminal
from schema.ports import Lease
from schema.stored_events import encode

DEFAULT_LIMITS: Final = TailLimits()


class EmbeddedLog:
    """`schema.ports.EventLog` in a file of its own.

    Exactly one process opens the file (the owner of the data directory). Everything here belongs
    to one event loop.
    """

    def __init__(
        self, writer: GroupWriter, checkpointer: Checkpointer, archive: Archive, tails: Tails
    ) -> None:
        self._writer: Final = writer
        self._checkpointer: Final = checkpointer
        self._archive: Final = archive
        self._tails: Final = tails

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, limits: TailLimits = DEFAULT_LIMITS
    ) -> AsyncGenerator[Self, None]:
        """The log in the file at `path`, made if it is missing; its directory exists.

        Leaving stores what was submitted; after that every call raises
        `DreamCoreError(SHUTTING_DOWN)`, readers that wait included. Raises `UnknownLogVersion`
        for a file of another format.
        """
        tails = Tails(limits)
        # The writer comes first: it makes the file.
        async with (
            GroupWriter.open(path) as writer,
            Checkpointer.open(path) as checkpointer,
            Archive.open(path) as archive,
        ):
            try:
                yield cls(writer, checkpointer, archive, tails)
            finally:
                tails.close()
                await writer.finish()

    @property
    def readers(self) -> int:
        """How many readers are open."""
        return self._tails.watchers

    async def acquire(self, generation_id: str) -> Lease:
        """See `EventLog.acquire`."""
        return await self._writer.submit(Acquire(generation_id))

    async def append(
        self,
        generation_id: str,
        events: Sequence[Event],
        *,
        after_seq: int,
        epoch: int,
        source_id: str | None,
    ) -> list[Recorded]:
        """See `EventLog.append`. A terminal event anywhere but at the end is a ValueError."""
        if not events:
            raise ValueError("an append needs at least one event")
        if any(is_terminal(event) for event in events[:-1]):
            raise ValueError("nothing can follow a terminal event")
        rows = [encode(event) for event in events]
        command = Append(
            generation_id, tuple(events), rows, after_seq, epoch, source_id, is_terminal(events[-1])
        )
        sizes = [len(payload) for _, payload in rows]
        return await self._writer.submit(command, partial(self._publish, sizes))

    def read(
        self, generation_id: str, after: int = 0, *, snapshot: bool = False
    ) -> AsyncGenerator[Recorded, None]:
        """See `EventLog.read`.

        After a snapshot, an `OutputRetracted` that reaches back behind it is delivered as a new
        `Snapshot` at its seq: the reader could not apply it.
        """
        return follow(self._tails, self._archive, generation_id, after, snapshot=snapshot)

    async def page(self, generation_id: str, after: int, limit: int) -> list[Recorded]:
        """See `EventLog.page`."""
        return await self._archive.ask(
            partial(read_page, generation_id=generation_id, after=after, limit=limit)
        )

    async def last_seq(self, generation_id: str) -> int:
        """See `EventLog.last_seq`."""
        head = await self._archive.ask(partial(read_head, generation_id=generation_id))
        return head.last_seq

    async def trim(self, generation_id: str, through: int) -> None:
        """See `EventLog.trim`. Never reaches beyond the end, and never the terminal event."""
        folded = await self._archive.ask(
            partial(read_fold, generation_id=generation_id, through=through)
        )
        if folded is not None:
            command = Trim(generation_id, folded.through, folded.at, folded.fold)
            await self._writer.submit(
                command, lambda _: self._tails.trim(generation_id, folded.through)
            )

    async def enforce_retention(self, *, older_than: datetime, keep: int) -> int:
        """Trim the logs of generations that ended before `older_than`, except the `keep` that
        ended last; returns how many. Their snapshot and terminal event stay readable."""
        expired = await self._archive.ask(partial(read_expired, older_than=older_than, keep=keep))
        for generation_id in expired:
            await self.trim(generation_id, 2**53)
        return len(expired)

    def _publish(self, sizes: Sequence[int], recorded: list[Recorded]) -> None:
        self._tails.publish(recorded, sizes)
        self._checkpointer.written(sum(sizes))
