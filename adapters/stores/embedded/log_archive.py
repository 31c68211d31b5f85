"""Reading the file of the embedded log off the event loop."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TypeVar

from adapters.stores.embedded.log_schema import connect_reader
from schema.errors import DreamCoreError, ErrorCode

Answer = TypeVar("Answer")

THREADS: Final = 2


class Archive:
    """A few threads with a read-only connection each."""

    def __init__(
        self, threads: ThreadPoolExecutor, connections: SimpleQueue[sqlite3.Connection]
    ) -> None:
        self._threads: Final = threads
        self._connections: Final = connections
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator["Archive", None]:
        """An archive of the file at `path`, which exists."""
        with ExitStack() as resources:
            connections: SimpleQueue[sqlite3.Connection] = SimpleQueue()
            for _ in range(THREADS):
                connection = connect_reader(path)
                resources.callback(connection.close)
                connections.put(connection)
            threads = resources.enter_context(ThreadPoolExecutor(THREADS, "log-reader"))
            archive = cls(threads, connections)
            try:
                yield archive
            finally:
                archive._closed = True

    async def ask(self, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """The answer of `query`, which sees one moment of the file.

        Raises `DreamCoreError`: SHUTTING_DOWN after the end, INTERNAL when SQLite fails.
        """
        if self._closed:
            raise DreamCoreError(ErrorCode.SHUTTING_DOWN)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._run, query)
        except sqlite3.Error as error:
            raise DreamCoreError(ErrorCode.INTERNAL) from error

    def _run(self, query: Callable[[sqlite3.Connection], Answer]) -> Answer:
        connection = self._connections.get()
        try:
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                connection.execute("ROLLBACK")
        finally:
            self._connections.put(connection)
