"""How many sockets and streams each viewer holds open in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer


class Connections:
    """Counts open connections per viewer; anonymous ones share a count."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    @contextmanager
    def held_by(self, viewer: Viewer | None) -> Iterator[None]:
        """Hold a place. Raises `DreamCoreError(RATE_LIMITED)` when the viewer has them all."""
        key = viewer.user_id if viewer else ""
        if self._open[key] >= self._limit:
            raise DreamCoreError(ErrorCode.RATE_LIMITED, "Too many open connections.")
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]
