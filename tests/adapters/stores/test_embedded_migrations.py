"""How the file behind the embedded store comes to the tables of this release."""

import sqlite3
from functools import partial
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.database import Database, DatabaseTooNew
from tests.adapters.stores.test_embedded_database import FIRST, pragma, texts, write

SECOND = """
    ALTER TABLE notes ADD COLUMN author TEXT;
    CREATE TRIGGER named AFTER INSERT ON notes BEGIN
        UPDATE notes SET author = 'nobody' WHERE author IS NULL;
    END;
"""


async def test_migrations_are_applied_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with Database.open(path, (FIRST,)) as database:
        await database.run(lambda connection: write("old", connection))
    for _ in range(2):
        async with Database.open(path, (FIRST, SECOND)) as database:
            assert await database.read(texts) == ["old"]
            assert await database.read(partial(pragma, "user_version")) == 2


async def test_openers_that_race_migrate_once(tmp_path: Path) -> None:
    async def opened() -> None:
        async with Database.open(tmp_path / "notes.db", (FIRST, SECOND)) as database:
            await database.read(texts)

    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(opened)


@pytest.mark.parametrize("broken", ["CREATE TABLE more (a);\nNONSENSE;", "CREATE TABLE more (a)"])
async def test_a_migration_that_fails_changes_nothing(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "notes.db"
    with pytest.raises((sqlite3.OperationalError, ValueError)):
        async with Database.open(path, (FIRST, broken)):
            pass
    async with Database.open(path, (FIRST,)) as database:
        assert await database.read(texts) == []


async def test_a_file_of_a_later_release_is_named_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    async with Database.open(path, (FIRST, SECOND)) as database:
        await database.run(lambda connection: write("kept", connection))
    with pytest.raises(DatabaseTooNew, match=r"notes\.db has schema version 2.*up to 1"):
        async with Database.open(path, (FIRST,)):
            pass
    async with Database.open(path, (FIRST, SECOND)) as database:
        assert await database.read(texts) == ["kept"]


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"not a database, but long enough to look like a page of one" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        async with Database.open(path, (FIRST,)):
            pass
