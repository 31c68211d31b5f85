"""What is particular to the store in a file: other processes, restarts, and odd text."""

import sqlite3
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.store import EmbeddedStore
from schema.errors import ERRORS, DreamCoreError, ErrorCode
from schema.models import Generation, GenerationStatus
from tests.contracts.records import (
    a_generation,
    reread,
    stored_generation,
    stored_project,
)

LEGACY_COLUMNS = {
    "projects": {"id", "user_id", "name", "is_public", "remixed_from", "created_at", "updated_at"},
    "jobs": {
        *("id", "user_id", "project_id", "status", "progress", "progress_message"),
        *("result", "error", "created_at", "updated_at"),
    },
    "assets": {
        *("id", "owner_id", "alias", "filename", "original_name", "mime_type", "size", "hash"),
        *("created_in_project_id", "is_public", "is_deleted", "is_global", "category"),
        *("available_from", "available_until", "tags", "description"),
        *("created_at", "updated_at"),
    },
    "project_assets": {"id", "project_id", "asset_id", "usage_type", "added_at"},
    "publish_drafts": {
        *("project_id", "title", "description", "how_to_play", "tags", "visibility"),
        *("remix", "thumbnail_url", "updated_at"),
    },
}


async def test_what_is_stored_outlives_the_process(tmp_path: Path) -> None:
    async with EmbeddedStore.open(tmp_path / "new" / "store.db") as store:
        project = await stored_project(store)
        generation = await stored_generation(store, project, idempotency_key="key")
    async with EmbeddedStore.open(tmp_path / "new" / "store.db") as store:
        assert await store.project(project.id) == project
        assert await store.unfinished() == [generation]
        again = a_generation(project, idempotency_key="key")
        assert await store.create_generation(again) == generation


async def test_two_connections_agree_on_one_ending(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path) as one, EmbeddedStore.open(path) as two:
        project = await stored_project(one)
        for _ in range(20):
            generation = await stored_generation(one, project)
            won: list[GenerationStatus] = []

            async def end(
                store: EmbeddedStore,
                to: GenerationStatus,
                generation: Generation = generation,
                won: list[GenerationStatus] = won,
            ) -> None:
                if await store.transition(generation.id, to):
                    won.append(to)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(end, one, GenerationStatus.COMPLETED)
                tasks.start_soon(end, two, GenerationStatus.CANCELLED)
            assert won == [(await reread(two, generation)).status]


async def test_two_connections_make_one_generation_under_one_key(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path) as one, EmbeddedStore.open(path) as two:
        project = await stored_project(one)
        for key in map(str, range(20)):
            answers: list[Generation] = []

            async def start(
                store: EmbeddedStore, key: str = key, answers: list[Generation] = answers
            ) -> None:
                new = a_generation(project, idempotency_key=key)
                answers.append(await store.create_generation(new))

            async with anyio.create_task_group() as tasks:
                for store in (one, two, one, two):
                    tasks.start_soon(start, store)
            assert len({answer.id for answer in answers}) == 1
        assert len(await two.unfinished()) == 20


async def test_text_with_nul_is_kept_whole(tmp_path: Path) -> None:
    async with EmbeddedStore.open(tmp_path / "store.db") as store:
        project = await stored_project(store, name="a\0b")
        generation = await stored_generation(store, project, message="\0", skills=("\0",))
        assert await store.project(project.id) == project
        assert await store.generation(generation.id) == generation


async def test_text_without_a_utf8_form_is_refused(tmp_path: Path) -> None:
    async with EmbeddedStore.open(tmp_path / "store.db") as store:
        project = await stored_project(store)
        for changes in ({"message": "\ud800"}, {"skills": ("\udfff",)}):
            with pytest.raises(DreamCoreError) as refusal:
                await store.create_generation(a_generation(project, **changes))
            assert refusal.value.code is ErrorCode.INVALID_INPUT
        assert await store.unfinished() == []


async def test_the_tables_have_the_legacy_names(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        for table, legacy in LEGACY_COLUMNS.items():
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            assert legacy <= columns


async def test_a_failure_leaves_its_text_in_the_legacy_row(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path) as store:
        project = await stored_project(store)
        generation = await stored_generation(store, project)
        await store.transition(
            generation.id, GenerationStatus.FAILED, error_code=ErrorCode.CLI_TIMEOUT
        )
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT status, error, created_at FROM jobs").fetchone()
    assert row == (
        "failed",
        ERRORS[ErrorCode.CLI_TIMEOUT].message,
        "2026-01-27T03:11:44.123456+00:00",
    )


async def test_an_error_code_of_a_later_release_is_read_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with EmbeddedStore.open(path) as store:
        project = await stored_project(store)
        generation = await stored_generation(store, project)
        await store.transition(
            generation.id, GenerationStatus.FAILED, error_code=ErrorCode.CLI_TIMEOUT
        )
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE jobs SET error_code = 'OF_TOMORROW'")
        assert (await reread(store, generation)).error_code is ErrorCode.UNKNOWN_ERROR


async def test_a_time_without_a_zone_is_not_stored(tmp_path: Path) -> None:
    async with EmbeddedStore.open(tmp_path / "store.db") as store:
        project = await stored_project(store)
        generation = a_generation(project)
        naive = a_generation(project, created_at=generation.created_at.replace(tzinfo=None))
        with pytest.raises(ValueError, match="time zone"):
            await store.create_generation(naive)
