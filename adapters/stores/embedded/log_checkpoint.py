"""Moving the write-ahead log into the database file, beside the writer instead of inside it.

A checkpoint waits for the disk. SQLite would run it in the commit that happens to cross its
threshold, and every append behind that commit would wait too.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final

from adapters.stores.embedded.log_schema import connect_reader

EVERY: Final = 4 * 2**20
"""About how many bytes of write-ahead log are written between checkpoints."""

_PAGES: Final = 2 * 4096

_logger: Final = logging.getLogger(__name__)


class Checkpointer:
    """Checkpoints now and then. One that fails is made up for by the next, or by the writer's
    own, whose threshold bounds the write-ahead log."""

    def __init__(self, thread: ThreadPoolExecutor, connection: sqlite3.Connection) -> None:
        self._thread: Final = thread
        self._connection: Final = connection
        self._size = 0
        self._running = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator["Checkpointer", None]:
        """A checkpointer of the file at `path`, which exists."""
        with (
            closing(connect_reader(path)) as connection,
            ThreadPoolExecutor(1, "log-checkpoint") as thread,
        ):
            yield cls(thread, connection)

    def written(self, size: int) -> None:
        """Count an append of `size` bytes; starts a checkpoint when it is time."""
        self._size += _PAGES + size
        if self._size < EVERY or self._running:
            return
        self._size, self._running = 0, True
        loop = asyncio.get_running_loop()
        run = loop.run_in_executor(self._thread, _checkpoint, self._connection)
        run.add_done_callback(self._finished)

    def _finished(self, run: asyncio.Future[None]) -> None:
        self._running = False
        if error := run.exception():
            _logger.warning("checkpoint failed", extra={"error": str(error)})


def _checkpoint(connection: sqlite3.Connection) -> None:
    # PASSIVE takes no lock that a writer or reader waits for.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
