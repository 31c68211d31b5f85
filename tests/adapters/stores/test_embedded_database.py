"""The file behind the embedded store: its thread and its transactions."""

import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.database import Database
from schema.errors import DreamCoreError, ErrorCode

FIRST = "CREATE TABLE notes (\n    text TEXT NOT NULL UNIQUE\n);\n"


def write(text: str, connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def pragma(name: str, connection: sqlite3.Connection) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def texts(connection: sqlite3.Connection) -> list[str]:
    return [row["text"] for row in connection.execute("SELECT text FROM notes ORDER BY text")]


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_the_file_is_durable_and_shared_as_promised(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "deep" / "notes.db", (FIRST,)) as database:
        pragmas = {
            name: await database.read(partial(pragma, name))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


async def test_work_that_fails_leaves_nothing_and_the_next_goes_on(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "notes.db", (FIRST,)) as database:

        def fail(connection: sqlite3.Connection) -> None:
            write("lost", connection)
            raise LookupError

        with pytest.raises(LookupError):
            await database.run(fail)
        await database.run(lambda connection: write("kept", connection))
        assert await database.read(texts) == ["kept"]


async def test_what_sqlite_refuses_is_an_internal_error_without_details(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Database.open(tmp_path / "notes.db", (FIRST,)) as database:
        await database.run(lambda connection: write("once", connection))
        with pytest.raises(DreamCoreError) as refusal:
            await database.run(lambda connection: write("once", connection))
    assert (refusal.value.code, refusal.value.detail) == (ErrorCode.INTERNAL, None)
    assert [record.message for record in caplog.records] == ["embedded database failed"]


async def test_work_runs_in_order_on_a_thread_of_its_own(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    async with (
        Database.open(tmp_path / "notes.db", (FIRST,)) as database,
        anyio.create_task_group() as tasks,
    ):
        for number in range(20):
            tasks.start_soon(
                database.run, lambda _, n=number: seen.append((n, threading.get_ident()))
            )
    assert [number for number, _ in seen] == list(range(20))
    assert len({thread for _, thread in seen} - {threading.get_ident()}) == 1


async def test_a_locked_file_holds_up_the_work_and_not_the_loop(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with Database.open(path, (FIRST,)) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            done = anyio.Event()

            async def insert() -> None:
                await database.run(lambda connection: write("waited", connection))
                done.set()

            with anyio.fail_after(60):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(insert)
                    await anyio.wait_all_tasks_blocked()
                    assert not done.is_set()
                    other.execute("COMMIT")
        assert await database.read(texts) == ["waited"]


async def test_what_work_has_read_is_still_true_when_it_writes(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with Database.open(path, (FIRST,)) as one, Database.open(path, (FIRST,)) as two:
        has_read, has_written = threading.Event(), threading.Event()

        def count(connection: sqlite3.Connection) -> None:
            found = len(texts(connection))
            has_read.set()
            # Elsewhere a writer has begun by now; it must not get in between.
            assert not has_written.wait(0.2)
            write(f"after {found}", connection)

        async def write_elsewhere() -> None:
            await two.run(lambda connection: write("before", connection))
            has_written.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(one.run, count)
            await anyio.to_thread.run_sync(has_read.wait, 10)
            tasks.start_soon(write_elsewhere)
        assert await one.read(texts) == ["after 0", "before"]


async def test_a_reader_does_not_wait_for_a_writer_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with Database.open(path, (FIRST,)) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            write("uncommitted", other)
            with anyio.fail_after(60):
                assert await database.read(texts) == []
            other.execute("ROLLBACK")


async def test_a_caller_that_gives_up_breaks_nothing(tmp_path: Path) -> None:
    async with Database.open(tmp_path / "notes.db", (FIRST,)) as database:
        entered, leave = threading.Event(), threading.Event()

        def linger(connection: sqlite3.Connection) -> None:
            entered.set()
            leave.wait(10)
            write("finished", connection)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(database.run, linger)
            await anyio.to_thread.run_sync(entered.wait, 10)
            tasks.start_soon(database.run, lambda connection: write("never", connection))
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        leave.set()
        assert await database.read(texts) == ["finished"]


async def test_a_cancelled_owner_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with anyio.CancelScope() as scope:
        async with Database.open(path, (FIRST,)) as database:
            await database.run(lambda connection: write("kept", connection))
            scope.cancel()
            await anyio.lowlevel.checkpoint()
    # SQLite removes the write-ahead log when the last connection closes in order.
    assert names(tmp_path) == ["notes.db"]
    assert "notes_0" not in {thread.name for thread in threading.enumerate()}
