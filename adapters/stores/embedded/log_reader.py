"""One reader of one log: replay, then follow, no gap, no repeat."""

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Final

from adapters.stores.embedded.log_archive import Archive
from adapters.stores.embedded.log_queries import Folded, History, read_fold, read_head, read_history
from adapters.stores.embedded.log_tail import Tail, Tails
from schema.delivery import next_frame
from schema.events import OutputRetracted, Recorded, StreamGap, is_terminal

PAGE_EVENTS: Final = 500
PAGE_SIZE: Final = 256 * 1024
TRIMMED: Final = "trimmed"


async def follow(
    tails: Tails, archive: Archive, generation_id: str, after: int, *, snapshot: bool
) -> AsyncGenerator[Recorded, None]:
    """`EventLog.read`. All that a reader owns is its position and at most one page of history.

    `folded` is the seq up to which the reader has seen a snapshot instead of events. It cannot
    apply a retraction that reaches back there, so a new snapshot stands in that event's place.
    """
    with tails.watching(generation_id) as tail:
        if not tail.known:
            head = await archive.ask(partial(read_head, generation_id=generation_id))
            tail.learn(head.last_seq, head.ended)
        position, folded = max(after, 0), 0
        if snapshot:
            present = await _state(archive, generation_id, None)
            if present is not None and present.through >= position:
                yield present.frame()
                position = folded = present.through
                del present
        window: Sequence[Recorded] = ()
        while True:
            if not _holds(window, position + 1):
                window = ()
                if not await tails.grown(tail, position):
                    return
                window = tail.events
                if not _holds(window, position + 1):
                    history = await _history(archive, generation_id, position)
                    window = history.events
                    if history.folded is not None:
                        folded = history.folded.through
                        yield _gap(history.folded, position + 1)
                        yield history.folded.frame()
                        position = folded
                    del history
                continue
            frame = _next(window, tail, position)
            if isinstance(frame.event, OutputRetracted) and frame.event.from_seq <= folded:
                state = await _state(archive, generation_id, frame.seq)
                if state is None:
                    window = ()
                    continue
                frame, folded = state.frame(), state.through
            position = frame.seq
            yield frame
            if is_terminal(frame.event):
                return


def _holds(window: Sequence[Recorded], seq: int) -> bool:
    return bool(window) and window[0].seq <= seq <= window[-1].seq


def _next(window: Sequence[Recorded], tail: Tail, position: int) -> Recorded:
    pending = max(tail.last_seq, window[-1].seq) - position
    return next_frame(window, position + 1 - window[0].seq, pending)


def _gap(folded: Folded, missing_from: int) -> Recorded:
    gap = StreamGap(missing_from, folded.through, TRIMMED, folded.through)
    return Recorded(folded.generation_id, folded.through, folded.at, gap, missing_from)


async def _history(archive: Archive, generation_id: str, after: int) -> History:
    return await archive.ask(
        partial(
            read_history,
            generation_id=generation_id,
            after=after,
            limit=PAGE_EVENTS,
            size=PAGE_SIZE,
        )
    )


async def _state(archive: Archive, generation_id: str, through: int | None) -> Folded | None:
    return await archive.ask(partial(read_fold, generation_id=generation_id, through=through))
