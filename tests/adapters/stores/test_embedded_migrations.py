"""How the file behind the embedded store comes to the tables of this release."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.database import Database, DatabaseTooNew
from adapters.stores.embedded.store import EmbeddedStore
from adapters.stores.embedded.store_migrations import MIGRATIONS
from adapters.stores.embedded.store_queries import insert
from adapters.stores.embedded.store_tables import (
    JOB_COLUMNS,
    PROJECT_COLUMNS,
    job_row,
    project_row,
)
from schema.models import GenerationStatus, VersionNote
from schema.publishing import PublishDraft
from tests.adapters.stores.test_embedded_database import FIRST, pragma, texts, write
from tests.contracts.asset_records import an_asset, stored_asset
from tests.contracts.records import (
    a_generation,
    a_project,
    stored_generation,
    stored_project,
)

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


async def test_a_file_of_the_first_release_gets_assets_and_drafts(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    project = a_project(name="made before")
    async with Database.open(path, MIGRATIONS[:1]) as database:
        await database.run(
            lambda connection: insert(connection, "projects", PROJECT_COLUMNS, project_row(project))
        )
    async with EmbeddedStore.open(path) as store:
        assert await store.project(project.id) == project
        draft = await store.drafts.save_publish_draft(project.id, PublishDraft(description="new"))
        asset = an_asset(project.user_id, alias="ship", created_in_project_id=project.id)
        assert await store.assets.add_asset(asset, ["ship"]) == asset
    async with EmbeddedStore.open(path) as store:
        assert await store.project(project.id) == replace(project, description="new")
        assert await store.drafts.publish_draft(project.id) == draft
        assert await store.assets.asset(asset.id) == asset


async def test_versions_of_the_second_release_have_no_note_and_later_ones_do(
    tmp_path: Path,
) -> None:
    path, project = tmp_path / "store.db", a_project()
    old = a_generation(project, status=GenerationStatus.COMPLETED, version="a" * 40)
    async with Database.open(path, MIGRATIONS[:2]) as database:

        def made_before(connection: sqlite3.Connection) -> None:
            insert(connection, "projects", PROJECT_COLUMNS, project_row(project))
            insert(connection, "jobs", JOB_COLUMNS, job_row(old))

        await database.run(made_before)
    async with EmbeddedStore.open(path) as store:
        assert await store.version_context(project.id, "a" * 40) is None
        new, note = await stored_generation(store, project), VersionNote("new")
        await store.transition(new.id, GenerationStatus.COMPLETED, version="b" * 40, note=note)
    async with EmbeddedStore.open(path) as store:
        assert await store.generation(old.id) == old
        newest = await store.version_context(project.id, None)
        assert newest is not None
        assert newest.note == note


PLANS = {
    "SELECT message FROM jobs WHERE project_id = 'p' AND version = 'v'": (
        "SEARCH jobs USING INDEX jobs_of_version (project_id=? AND version=?)"
    ),
    "SELECT name FROM projects WHERE user_id = 'u' ORDER BY updated_at DESC, id DESC LIMIT 9": (
        "SEARCH projects USING INDEX projects_touched (user_id=?)"
    ),
    "SELECT alias FROM assets WHERE owner_id = 'o' AND NOT is_deleted"
    " ORDER BY created_at DESC, id DESC": "SEARCH assets USING INDEX assets_of_owner (owner_id=?)",
}


@pytest.mark.parametrize("query", PLANS)
async def test_lists_are_read_in_their_order_and_nothing_else_is(
    tmp_path: Path, query: str
) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        steps = [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert steps == [PLANS[query]]


REFUSED = [
    ("assets", "owner_id", None),
    ("assets", "is_global", 1),
    ("assets", "is_public", 2),
    ("publish_drafts", "visibility", "hidden"),
    ("publish_drafts", "remix", "disallowed"),
]


@pytest.mark.parametrize(("table", "column", "value"), REFUSED)
async def test_the_tables_refuse_what_the_legacy_ones_refuse(
    tmp_path: Path, table: str, column: str, value: str | int | None
) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path) as store:
        project = await stored_project(store)
        await store.drafts.save_publish_draft(project.id, PublishDraft())
        await stored_asset(store)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="CHECK"),
    ):
        connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
