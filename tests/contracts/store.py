"""What every store does: the suite behind `schema.ports.Store`, in three parts.

A test module subclasses them and gives them a `store` fixture, parametrised over the
implementations.
"""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.models import ChatMessage, Generation, Page, Project
from schema.ports import Store
from tests.contracts.records import (
    AT,
    a_generation,
    a_project,
    later,
    stored_generation,
    stored_project,
)

NAMES = [
    "New Game",
    "ネオン・ブロック崩し 🎮",
    "e\u0301 \u00e9 \u202egnihtemos",
    "'; DROP TABLE projects; --",
    'a "quoted"\n\tname\\',
    "",
    "x" * 1_000_000,
]
TIES = [0, 0, 0, 1, 1, 1, 1]


class ProjectsContract:
    """Projects and their pages."""

    @pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
    async def test_a_project_comes_back_as_it_was_made(self, store: Store, name: str) -> None:
        project = await stored_project(store, name=name, updated_at=later(1))
        assert await store.project(project.id) == project

    async def test_times_are_kept_as_instants_and_given_back_in_utc(self, store: Store) -> None:
        tokyo = timezone(timedelta(hours=9))
        project = await stored_project(store, created_at=AT.astimezone(tokyo))
        found = await store.project(project.id)
        assert found is not None
        assert (found.created_at, found.created_at.utcoffset()) == (AT, timedelta(0))

    async def test_an_unknown_project_is_none(self, store: Store) -> None:
        assert await store.project(random_uuid()) is None

    async def test_a_deleted_project_takes_everything_with_it(self, store: Store) -> None:
        project, kept = await stored_project(store), await stored_project(store)
        generation = await stored_generation(store, project)
        await store.add_message(generation, ChatMessage("user", "a game", AT))
        for _ in range(2):
            await store.delete_project(project.id.upper())
            assert await store.project(project.id) is None
        assert await store.generation(generation.id) is None
        assert await store.history(project.id, last=5) == []
        assert await store.project(kept.id) == kept

    async def test_an_id_is_the_same_in_either_case(self, store: Store) -> None:
        project = await stored_project(store)
        assert await store.project(project.id.upper()) == project
        page = await store.projects(project.user_id.upper(), first=1, after=project.id.upper())
        assert page == Page((), has_next=False)

    async def test_pages_are_newest_first_and_complete_with_equal_times(self, store: Store) -> None:
        user_id = random_uuid()
        made = [await stored_project(store, user_id=user_id, created_at=later(age)) for age in TIES]
        await stored_project(store)
        seen: list[Project] = []
        page: Page[Project] = Page((), has_next=True)
        while page.has_next:
            after = seen[-1].id if seen else None
            page = await store.projects(user_id, first=2, after=after)
            assert 1 <= len(page.items) <= 2
            seen.extend(page.items)
        assert sorted(seen, key=lambda project: project.created_at, reverse=True) == seen
        assert {project.id for project in seen} == {project.id for project in made}
        assert len(seen) == len(made)

    async def test_a_project_made_meanwhile_shifts_no_page(self, store: Store) -> None:
        user_id = random_uuid()
        old, new = [
            await stored_project(store, user_id=user_id, created_at=later(age)) for age in (0, 1)
        ]
        first = await store.projects(user_id, first=1, after=None)
        await stored_project(store, user_id=user_id, created_at=later(2))
        second = await store.projects(user_id, first=1, after=first.items[-1].id)
        assert (first.items, second.items, second.has_next) == ((new,), (old,), False)

    async def test_nobody_has_an_empty_page(self, store: Store) -> None:
        assert await store.projects(random_uuid(), first=5, after=None) == Page((), has_next=False)

    async def test_a_position_in_another_list_is_refused(self, store: Store) -> None:
        mine, other = await stored_project(store), await stored_project(store)
        generation = await stored_generation(store, other)
        for after in (other.id, random_uuid(), "not an id"):
            with pytest.raises(DreamCoreError) as refusal:
                await store.projects(mine.user_id, first=1, after=after)
            assert refusal.value.code is ErrorCode.INVALID_CURSOR
        with pytest.raises(DreamCoreError) as refusal:
            await store.generations(mine.id, first=1, after=generation.id)
        assert refusal.value.code is ErrorCode.INVALID_CURSOR

    async def test_a_negative_page_size_is_a_mistake_of_the_caller(self, store: Store) -> None:
        with pytest.raises(ValueError, match="first"):
            await store.projects(random_uuid(), first=-1, after=None)


class GenerationsContract:
    """Generations: how they are made and found."""

    async def test_a_generation_comes_back_as_it_was_made(self, store: Store) -> None:
        project = await stored_project(store)
        generation = a_generation(
            project,
            message="もっと速く 🚀\n" * 1000,
            skills=("p5js-setup", "スキル", 'quote"d'),
            idempotency_key="キー 1",
            progress=5,
            progress_message="準備中",
            updated_at=later(1),
        )
        assert await store.create_generation(generation) == generation
        assert await store.generation(generation.id) == generation
        assert await store.generation(generation.id.upper()) == generation
        assert await store.generation_by_key(project.user_id.upper(), "キー 1") == generation

    async def test_an_unknown_generation_is_none(self, store: Store) -> None:
        project = await stored_project(store)
        assert await store.generation(random_uuid()) is None
        assert await store.generation_by_key(project.user_id, "key") is None
        assert await store.active_generation(project.id) is None

    async def test_a_key_names_its_first_generation_for_good(self, store: Store) -> None:
        project = await stored_project(store)
        first = await stored_generation(store, project, idempotency_key="key")
        again = a_generation(project, idempotency_key="key", message="something else")
        assert await store.create_generation(again) == first
        assert await store.generation(again.id) is None

    async def test_a_key_belongs_to_its_user_and_has_a_case(self, store: Store) -> None:
        project, other = await stored_project(store), await stored_project(store)
        keyed = [
            await stored_generation(store, project, idempotency_key="key"),
            await stored_generation(store, project, idempotency_key="KEY"),
            await stored_generation(store, other, idempotency_key="key"),
        ]
        assert len({generation.id for generation in keyed}) == 3

    async def test_without_a_key_each_generation_is_new(self, store: Store) -> None:
        project = await stored_project(store)
        made = [await stored_generation(store, project) for _ in range(3)]
        page = await store.generations(project.id, first=9, after=None)
        assert {generation.id for generation in page.items} == {g.id for g in made}

    async def test_a_generation_needs_its_project(self, store: Store) -> None:
        with pytest.raises(DreamCoreError) as refusal:
            await store.create_generation(a_generation(a_project()))
        assert refusal.value.code is ErrorCode.PROJECT_NOT_FOUND

    async def test_generations_are_paged_like_projects(self, store: Store) -> None:
        project = await stored_project(store)
        made = [await stored_generation(store, project, created_at=later(age)) for age in TIES]
        seen: list[Generation] = []
        page: Page[Generation] = Page((), has_next=True)
        while page.has_next:
            after = seen[-1].id if seen else None
            page = await store.generations(project.id, first=3, after=after)
            seen.extend(page.items)
        assert [g.created_at for g in seen] == sorted((g.created_at for g in made), reverse=True)
        assert {g.id for g in seen} == {g.id for g in made}
        assert len(seen) == len(made)

    async def test_a_second_generation_with_the_same_id_changes_nothing(self, store: Store) -> None:
        project = await stored_project(store)
        generation = await stored_generation(store, project)
        twin = replace(generation, message="changed")
        with pytest.raises(DreamCoreError):
            await store.create_generation(twin)
        assert await store.generation(generation.id) == generation
