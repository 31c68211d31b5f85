"""The newest events in memory: what live readers are served from, without the database.

A tail also says how far its log has come and wakes whoever waits for more. Readers leave nothing
behind here but a count, and a tail that nobody watches may be forgotten at any time.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from schema.errors import DreamCoreError, ErrorCode
from schema.events import Recorded, is_terminal

_ENTRY_OVERHEAD: Final = 256


@dataclass(frozen=True, slots=True)
class TailLimits:
    """How much is kept in memory. Sizes are approximate bytes, with Python's overhead."""

    events: int = 1024
    size: int = 512 * 1024
    total_size: int = 64 * 2**20


class Tail:
    """The end of one log. `last_seq` and `ended` describe the log once `known`."""

    __slots__ = ("_grown", "_sizes", "ended", "events", "known", "last_seq", "size", "watchers")

    def __init__(self) -> None:
        self.events: Final[deque[Recorded]] = deque()
        self._sizes: Final[deque[int]] = deque()
        self._grown: Final = asyncio.Event()
        self.size = 0
        self.last_seq = 0
        self.ended = False
        self.known = False
        self.watchers = 0

    def learn(self, last_seq: int, ended: bool) -> None:
        """Take in how far the log has come; what is known already is never taken back."""
        self.last_seq = max(self.last_seq, last_seq)
        self.ended = self.ended or ended
        self.known = True
        self.wake()

    def extend(self, recorded: Sequence[Recorded], sizes: Sequence[int]) -> None:
        """Add freshly committed events."""
        if self.events and self.events[-1].seq + 1 != recorded[0].seq:
            self.clear()
        self.events.extend(recorded)
        self._sizes.extend(sizes)
        self.size += sum(sizes)
        self.learn(recorded[-1].seq, is_terminal(recorded[-1].event))

    def drop_first(self) -> None:
        """Forget the oldest event held."""
        self.events.popleft()
        self.size -= self._sizes.popleft()

    def clear(self) -> None:
        """Forget every event held; readers go on from the database."""
        self.events.clear()
        self._sizes.clear()
        self.size = 0

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self._grown.set()
        self._grown.clear()

    async def growth(self) -> None:
        """Wait for the next `wake`."""
        await self._grown.wait()


class Tails:
    """The tails of all logs that are watched or warm, within `limits`."""

    def __init__(self, limits: TailLimits) -> None:
        self._limits: Final = limits
        self._tails: Final[dict[str, Tail]] = {}
        self._warm: Final[OrderedDict[str, Tail]] = OrderedDict()
        self._size = 0
        self._closed = False

    @property
    def watchers(self) -> int:
        """How many readers are open."""
        return sum(tail.watchers for tail in self._tails.values())

    @contextmanager
    def watching(self, generation_id: str) -> Iterator[Tail]:
        """The tail of a log, kept as long as the block lasts."""
        tail = self._tails.setdefault(generation_id, Tail())
        tail.watchers += 1
        try:
            yield tail
        finally:
            tail.watchers -= 1
            self._forget_if_unused(generation_id, tail)

    def publish(self, recorded: Sequence[Recorded], sizes: Sequence[int]) -> None:
        """Make committed events of one log visible."""
        generation_id = recorded[0].generation_id
        tail = self._tails.setdefault(generation_id, Tail())
        before = tail.size
        tail.extend(recorded, [size + _ENTRY_OVERHEAD for size in sizes])
        while len(tail.events) > 1 and (
            len(tail.events) > self._limits.events or tail.size > self._limits.size
        ):
            tail.drop_first()
        self._size += tail.size - before
        self._warm[generation_id] = tail
        self._warm.move_to_end(generation_id)
        while self._size > self._limits.total_size and len(self._warm) > 1:
            self._cool(next(iter(self._warm)))

    def trim(self, generation_id: str, through: int) -> None:
        """Forget the events up to `through` of one log."""
        tail = self._tails.get(generation_id)
        if tail is None:
            return
        before = tail.size
        while tail.events and tail.events[0].seq <= through:
            tail.drop_first()
        self._size += tail.size - before
        if not tail.events:
            self._cool(generation_id)

    async def grown(self, tail: Tail, position: int) -> bool:
        """Wait until the log has come beyond `position`; false when it ended before.

        Raises `DreamCoreError(SHUTTING_DOWN)` when this process stops serving it.
        """
        while tail.last_seq <= position:
            if tail.ended:
                return False
            if self._closed:
                raise DreamCoreError(ErrorCode.SHUTTING_DOWN)
            await tail.growth()
        return True

    def close(self) -> None:
        """Release every waiting reader."""
        self._closed = True
        for tail in self._tails.values():
            tail.wake()

    def _cool(self, generation_id: str) -> None:
        tail = self._warm.pop(generation_id, None)
        if tail is not None:
            self._size -= tail.size
            tail.clear()
            self._forget_if_unused(generation_id, tail)

    def _forget_if_unused(self, generation_id: str, tail: Tail) -> None:
        if tail.watchers == 0 and not tail.events:
            self._tails.pop(generation_id, None)
