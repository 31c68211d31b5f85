"""How the log is handed to one reader: event by event, or merged when the reader lags.

Merging concatenates adjacent output of one block and nothing else. It happens at the moment of
delivery, so every reader has its own pace and nobody's pace costs anybody a byte.
"""

from collections.abc import Sequence
from typing import Final

from schema.events import Output, Recorded

LAGGING: Final = 16
"""Entries pending for a reader from which on it gets merged output."""

MERGED_CHARACTERS: Final = 64 * 1024
"""Longest text that merging produces; a single longer event passes unchanged."""


def next_frame(events: Sequence[Recorded], index: int, pending: int) -> Recorded:
    """`events[index]`, merged with what follows it if `pending` entries make the reader lag.

    `events` are stored events with dense seq. The reader goes on after the frame's `seq`.
    """
    first = events[index]
    if pending < LAGGING or not isinstance(first.event, Output):
        return first
    texts, size, last = [first.event.text], len(first.event.text), first
    for following in range(index + 1, len(events)):
        candidate = events[following]
        output = candidate.event
        if not isinstance(output, Output) or output.block != first.event.block:
            break
        size += len(output.text)
        if size > MERGED_CHARACTERS:
            break
        texts.append(output.text)
        last = candidate
    if last is first:
        return first
    merged = Output("".join(texts), first.event.block)
    return Recorded(first.generation_id, last.seq, last.at, merged, first.from_seq)
