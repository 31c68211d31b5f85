"""One reader of one log: replay, then follow, no gap, no repeat."""

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Final

from adapters.stores.embedded.log_archive import Archive
from adapters.stores.embedded.log_queries import Folded, read_fold, read_head, read_history
from adapters.stores.embedded.log_tail import Tails
from schema.delivery import next_frame
from schema.events import OutputRetracted, Recorded, StreamGap, is_terminal

PAGE_EVENTS: Final = 500
PAGE_SIZE: Final = 256 * 1024
TRIMMED: Final = "trimmed"


async def follow(
    tails: Tails, archive: Archive, generation_id: str, after: int, *, snapshot: bool
) -> AsyncGenerator[Recorded, None]:
    """`EventLog.read`. `window` is where the next events lie: the tail, which is shared, or one
    page of history. While it waits, a reader holds neither a page nor a frame."""
    reader = _Reader(archive, generation_id, max(after, 0))
    with tails.watching(generation_id) as tail:
        if not tail.known:
            head = await archive.ask(partial(read_head, generation_id=generation_id))
            tail.learn(head.last_seq, head.ended)
        prelude = await reader.present() if snapshot else []
        window: Sequence[Recorded] = ()
        while True:
            while prelude:
                yield prelude.pop(0)
            if not reader.finds_next(window):
                window = ()
                if not await tails.grown(tail, reader.position):
                    return
                window = tail.events
                if not reader.finds_next(window):
                    prelude, window = await reader.catch_up()
                continue
            frame = reader.next_frame(window, tail.last_seq)
            if reader.cannot_apply(frame):
                prelude, window = await reader.renew(frame.seq), ()
                continue
            reader.position, ended = frame.seq, is_terminal(frame.event)
            yield frame
            if ended:
                return
            del frame


class _Reader:
    """Where a reader stands.

    `folded` is the seq up to which it has seen a snapshot instead of events. A retraction that
    reaches back there cannot be applied, so a new snapshot stands in that event's place.
    """

    __slots__ = ("_archive", "_generation_id", "folded", "position")

    def __init__(self, archive: Archive, generation_id: str, position: int) -> None:
        self._archive: Final = archive
        self._generation_id: Final = generation_id
        self.position = position
        self.folded = 0

    def finds_next(self, window: Sequence[Recorded]) -> bool:
        return bool(window) and window[0].seq <= self.position + 1 <= window[-1].seq

    def next_frame(self, window: Sequence[Recorded], last_seq: int) -> Recorded:
        pending = max(last_seq, window[-1].seq) - self.position
        return next_frame(window, self.position + 1 - window[0].seq, pending)

    def cannot_apply(self, frame: Recorded) -> bool:
        return isinstance(frame.event, OutputRetracted) and frame.event.from_seq <= self.folded

    async def present(self) -> list[Recorded]:
        """A snapshot of the present, unless there is nothing or it lies before the position."""
        folded = await self._archive.ask(partial(read_fold, generation_id=self._generation_id))
        if folded is None or folded.through < self.position:
            return []
        return [self._stand_on(folded)]

    async def renew(self, through: int) -> list[Recorded]:
        """A snapshot up to `through`; none if that was trimmed, which catching up will tell."""
        folded = await self._archive.ask(
            partial(read_fold, generation_id=self._generation_id, through=through)
        )
        return [] if folded is None else [self._stand_on(folded)]

    async def catch_up(self) -> tuple[list[Recorded], list[Recorded]]:
        """What stands for trimmed events, if the position is among them, and the next page."""
        history = await self._archive.ask(
            partial(
                read_history,
                generation_id=self._generation_id,
                after=self.position,
                limit=PAGE_EVENTS,
                size=PAGE_SIZE,
            )
        )
        if history.folded is None:
            return [], history.events
        missing, last = self.position + 1, history.folded.through
        gap = Recorded(
            self._generation_id,
            last,
            history.folded.at,
            StreamGap(missing, last, TRIMMED, resume_at=last),
            missing,
        )
        return [gap, self._stand_on(history.folded)], history.events

    def _stand_on(self, folded: Folded) -> Recorded:
        self.position = self.folded = folded.through
        return folded.frame()
