"""What every store does with the notes of versions."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from schema.identifiers import random_uuid
from schema.models import (
    ACTIVE,
    Generation,
    GenerationStatus,
    Project,
    SourceEdit,
    VersionContext,
    VersionNote,
)
from schema.ports import Store
from tests.contracts.records import (
    a_generation,
    later,
    reread,
    stored_generation,
    stored_project,
)

FIRST, SECOND = "0a1b2c3" + "0" * 33, "4d5e6f7" + "0" * 33
EDIT: Final = SourceEdit("js/ゲーム.js", "const S=2;\n", 'const S="5";\0')
NOTE: Final = VersionNote("敵を速くしました 🚀", (EDIT, replace(EDIT, old_string="")))
ENDED = [status for status in GenerationStatus if status not in ACTIVE]


async def completed(
    store: Store, project: Project, version: str | None, note: VersionNote | None, **changes: object
) -> Generation:
    """A generation that has ended with this version."""
    generation = await stored_generation(store, project, **changes)
    to = GenerationStatus.COMPLETED
    assert await store.transition(generation.id, to, version=version, note=note)
    return await reread(store, generation)


class VersionsContract:
    """Notes: kept with the end of a generation, found by version, gone with the project."""

    async def test_a_note_is_kept_with_its_version(self, store: Store) -> None:
        project = await stored_project(store)
        words, skills = "敵を速くして", ("p5js-setup", "スキル")
        made = await completed(store, project, FIRST, NOTE, message=words, skills=skills)
        expected = VersionContext(words, skills, NOTE, made.updated_at)
        assert await store.version_context(project.id.upper(), FIRST) == expected
        assert await store.version_context(project.id, None) == expected

    async def test_the_newest_is_that_of_the_generation_that_was_made_last(
        self, store: Store
    ) -> None:
        project = await stored_project(store)
        await completed(store, project, FIRST, VersionNote("first"), created_at=later(1))
        await completed(store, project, SECOND, VersionNote("second"), created_at=later(0))
        await completed(store, project, None, None, created_at=later(2))
        newest = await store.version_context(project.id, None)
        assert newest is not None
        assert newest.note == VersionNote("first")
        older = await store.version_context(project.id, SECOND)
        assert older is not None
        assert older.note == VersionNote("second")

    async def test_without_a_note_there_is_no_context(self, store: Store) -> None:
        project = await stored_project(store)
        await completed(store, project, FIRST, None)
        for version in (FIRST, SECOND, FIRST[:7], "", None):
            assert await store.version_context(project.id, version) is None
        assert await store.version_context(random_uuid(), None) is None

    async def test_a_note_needs_a_version(self, store: Store) -> None:
        project = await stored_project(store)
        await completed(store, project, None, NOTE)
        assert await store.version_context(project.id, None) is None

    async def test_a_version_belongs_to_its_project(self, store: Store) -> None:
        mine, other = await stored_project(store), await stored_project(store)
        await completed(store, mine, FIRST, NOTE)
        assert await store.version_context(other.id, FIRST) is None
        assert await store.version_context(other.id, None) is None

    @pytest.mark.parametrize("ended", ENDED)
    async def test_an_end_that_loses_the_race_leaves_no_note(
        self, store: Store, ended: GenerationStatus
    ) -> None:
        project = await stored_project(store)
        generation = await stored_generation(store, project)
        await store.transition(generation.id, ended)
        completed = GenerationStatus.COMPLETED
        assert not await store.transition(generation.id, completed, version=FIRST, note=NOTE)
        assert await store.version_context(project.id, None) is None

    async def test_a_deleted_project_takes_its_notes_with_it(self, store: Store) -> None:
        project = await stored_project(store)
        generation = await completed(store, project, FIRST, NOTE)
        await store.delete_project(project.id)
        assert await store.version_context(project.id, FIRST) is None
        await store.create_project(project)
        await store.create_generation(a_generation(project, id=generation.id))
        assert await store.version_context(project.id, None) is None

    async def test_the_skills_of_an_active_generation_are_replaced(self, store: Store) -> None:
        project = await stored_project(store)
        generation, other = [await stored_generation(store, project) for _ in range(2)]
        before = datetime.now(UTC)
        await store.record_skills(generation.id.upper(), ("canvas-2d", "音"))
        found = await reread(store, generation)
        assert found.updated_at >= before
        assert replace(found, updated_at=generation.updated_at) == replace(
            generation, skills=("canvas-2d", "音")
        )
        assert await reread(store, other) == other
        await store.record_skills(random_uuid(), ("audio",))

    @pytest.mark.parametrize("ended", ENDED)
    async def test_the_skills_of_an_ended_generation_stay(
        self, store: Store, ended: GenerationStatus
    ) -> None:
        generation = await stored_generation(store, await stored_project(store))
        await store.transition(generation.id, ended)
        found = await reread(store, generation)
        await store.record_skills(generation.id, ("late",))
        assert await reread(store, generation) == found
