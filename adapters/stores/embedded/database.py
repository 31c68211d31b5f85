"""One SQLite file, owned by one thread, so that no query ever runs on the event loop."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self, TypeVar

import anyio

from schema.errors import DreamCoreError, ErrorCode

Result = TypeVar("Result")

_BUSY_SECONDS: Final = 5.0
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)

logger = logging.getLogger(__name__)


class DatabaseTooNew(Exception):
    """The file was written by a later release, whose tables this one does not know."""

    def __init__(self, name: str, found: int, known: int) -> None:
        super().__init__(
            f"{name} has schema version {found}, but this release knows versions up to {known}. "
            "Start the later release, or restore a copy made before the upgrade."
        )


class Database:
    """A connection that lives on a thread of its own; work is handed to it as functions."""

    def __init__(self, executor: ThreadPoolExecutor, connection: sqlite3.Connection) -> None:
        self._executor: Final = executor
        self._connection: Final = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, migrations: tuple[str, ...]) -> AsyncGenerator[Self, None]:
        """Open `path`, creating it and its folder, and bring it to the last migration.

        Each migration is an SQL script that starts its statements on lines of their own;
        `PRAGMA user_version` counts those applied. Raises `DatabaseTooNew`, and
        `sqlite3.DatabaseError` when the file is not a database.
        """
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix=path.stem) as executor:
            connection = await loop.run_in_executor(executor, _open, path, migrations)
            try:
                yield cls(executor, connection)
            finally:
                # Awaited so that leaving the executor's block finds its thread idle.
                closing = asyncio.wrap_future(executor.submit(connection.close))
                with anyio.CancelScope(shield=True):
                    await asyncio.wait([closing])

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run `work` in one write transaction and return its value once it is committed.

        Whatever it raises undoes it. Calls run one at a time, in the order they were made. A
        caller that is cancelled while its work runs does not learn whether it was committed.
        Raises `DreamCoreError`: INVALID_INPUT for text that has no UTF-8 form, INTERNAL for
        what SQLite refuses (the cause is logged).
        """
        return await self._submit("BEGIN IMMEDIATE", work)

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Like `run`, over one consistent view and without waiting for other writers."""
        return await self._submit("BEGIN", work)

    async def _submit(self, begin: str, work: Callable[[sqlite3.Connection], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._executor, _transact, self._connection, begin, work
            )
        except UnicodeEncodeError:
            raise DreamCoreError(
                ErrorCode.INVALID_INPUT, "Text must not hold unpaired surrogates."
            ) from None
        except sqlite3.Error as error:
            logger.exception("embedded database failed")
            raise DreamCoreError(ErrorCode.INTERNAL) from error


def _open(path: Path, migrations: tuple[str, ...]) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No isolation level: the module would otherwise open transactions of its own.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _transact(connection, "BEGIN IMMEDIATE", lambda c: _migrate(c, path.name, migrations))
    except BaseException:
        connection.close()
        raise
    return connection


def _transact(
    connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], Result]
) -> Result:
    connection.execute(begin)
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        # Some failures (a full disk) have rolled back already; the first error is the one to tell.
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return result


def _migrate(connection: sqlite3.Connection, name: str, migrations: tuple[str, ...]) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(migrations):
        raise DatabaseTooNew(name, version, len(migrations))
    for script in migrations[version:]:
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; `executescript` would commit the transaction around them."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError("a migration ends in the middle of a statement")
