"""The one writer of the embedded log: a thread, and a queue that commits in groups.

An idle writer commits at once; whatever arrives while it is busy, or within the spacing of two
commits, becomes the next group. So a lone append waits for nothing, and load makes groups larger
instead of queues longer.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from adapters.stores.embedded.log_schema import connect_writer
from schema.errors import DreamCoreError, ErrorCode, StaleWriter

Answer = TypeVar("Answer")
Command = Callable[[sqlite3.Connection], Answer]

SPACING_SECONDS: Final = 0.001
"""Least time between the beginnings of two commits; an idle writer commits at once."""
GROUP: Final = 256
"""Most commands in one transaction."""

# Values that SQLite cannot bind are the fault of one command, like its own errors.
_COMMAND_ERRORS: Final = (sqlite3.Error, OverflowError, ValueError)


@dataclass(frozen=True, slots=True, eq=False)
class _Request(Generic[Answer]):
    command: Command[Answer]
    committed: Callable[[Answer], None] | None
    done: asyncio.Future[Answer]


class GroupWriter:
    """Runs commands, in order of submission, in shared transactions."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection: Final = connection
        self._thread: Final = thread
        self._waiting: list[_Request[Any]] = []
        self._idle: Final = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._began = 0.0

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator["GroupWriter", None]:
        """A writer of the file at `path`, made if it is missing."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "log-writer") as thread:
            connection = await loop.run_in_executor(thread, connect_writer, path)
            writer = cls(connection, thread)
            try:
                yield writer
            finally:
                writer._abandon()
                await loop.run_in_executor(thread, connection.close)

    async def finish(self) -> None:
        """Accept nothing more and wait for everything submitted."""
        self._closed = True
        await self._idle.wait()

    async def submit(
        self, command: Command[Answer], committed: Callable[[Answer], None] | None = None
    ) -> Answer:
        """Run `command`; returns its answer, or raises its error, after the commit.

        `committed` is called on the loop with the answer, in commit order, even if the caller is
        gone by then. A caller that is cancelled before its command ran has submitted nothing.
        Raises `DreamCoreError`: SHUTTING_DOWN after the end, INTERNAL when SQLite fails.
        """
        if self._closed:
            raise DreamCoreError(ErrorCode.SHUTTING_DOWN)
        done = asyncio.get_running_loop().create_future()
        request: _Request[Answer] = _Request(command, committed, done)
        self._waiting.append(request)
        if self._idle.is_set():
            self._idle.clear()
            self._commit_next()
        try:
            return await request.done
        except _COMMAND_ERRORS as error:
            raise DreamCoreError(ErrorCode.INTERNAL) from error

    def _abandon(self) -> None:
        # After `finish` nothing waits, unless `finish` itself was cancelled.
        self._closed = True
        for request in self._waiting:
            request.done.cancel()
        self._waiting.clear()

    def _commit_next(self) -> None:
        if not self._waiting:
            self._idle.set()
            return
        loop = asyncio.get_running_loop()
        pause = self._began + SPACING_SECONDS - loop.time()
        if pause > 0 and not self._closed and len(self._waiting) < GROUP:
            loop.call_later(pause, self._commit_next)
            return
        self._began = loop.time()
        group = [request for request in self._waiting[:GROUP] if not request.done.done()]
        del self._waiting[:GROUP]
        if not group and not self._waiting:
            self._idle.set()
            return
        commit = loop.run_in_executor(
            self._thread, _commit, self._connection, [request.command for request in group]
        )
        commit.add_done_callback(partial(self._settle, group))

    def _settle(
        self, group: list[_Request[Any]], commit: asyncio.Future[list[object | Exception]]
    ) -> None:
        self._commit_next()
        failure = commit.exception()
        outcomes = [failure] * len(group) if failure else commit.result()
        for request, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                if not request.done.done():
                    request.done.set_exception(outcome)
                continue
            if request.committed is not None:
                request.committed(outcome)
            if not request.done.done():
                request.done.set_result(outcome)


def _commit(
    connection: sqlite3.Connection, commands: Sequence[Command[object]]
) -> list[object | Exception]:
    """One transaction; if it fails, one for each command, so that only the culprit fails."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return [error] * len(commands)
    try:
        outcomes = [_attempt(connection, command) for command in commands]
        connection.execute("COMMIT")
    except _COMMAND_ERRORS as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(commands) == 1:
            return [error]
        return [outcome for command in commands for outcome in _commit(connection, [command])]
    return outcomes


def _attempt(connection: sqlite3.Connection, command: Command[object]) -> object | StaleWriter:
    try:
        return command(connection)
    except StaleWriter as stale:
        return stale
