"""What every draft store does: the suite behind `schema.publishing.DraftStore`.

A test module subclasses `DraftStoreContract` and gives it a `store` fixture, parametrised over the
implementations.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import anyio
import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.publishing import PublishDraft, Remix, Visibility
from tests.contracts.asset_records import WholeStore
from tests.contracts.records import stored_generation, stored_project

DRAFT = PublishDraft(
    title="ネオン 🚀",
    description="避けて\n撃つ",
    how_to_play='← → で "動く"; DROP TABLE projects; --',
    tags=("アクション", "a,b", 'quote"d'),
    visibility=Visibility.UNLISTED,
    remix=Remix.DISALLOWED,
    thumbnail_url="/api/projects/x/thumbnail?t=1",
)


class DraftStoreContract:
    """Drafts, and the descriptions of projects."""

    async def test_a_draft_comes_back_with_the_time_of_saving(self, store: WholeStore) -> None:
        project = await stored_project(store)
        assert await store.drafts.publish_draft(project.id) is None
        saved = await store.drafts.save_publish_draft(project.id.upper(), DRAFT)
        assert saved.updated_at is not None
        assert saved.updated_at.utcoffset() == timedelta(0)
        assert replace(saved, updated_at=None) == DRAFT
        assert await store.drafts.publish_draft(project.id) == saved
        assert await store.drafts.publish_draft(project.id.upper()) == saved

    @pytest.mark.parametrize(("visibility", "remix"), list(product(Visibility, Remix)))
    async def test_every_choice_is_kept(
        self, store: WholeStore, visibility: Visibility, remix: Remix
    ) -> None:
        project = await stored_project(store)
        draft = PublishDraft(visibility=visibility, remix=remix)
        saved = await store.drafts.save_publish_draft(project.id, draft)
        assert (saved.visibility, saved.remix) == (visibility, remix)
        assert await store.drafts.publish_draft(project.id) == saved

    async def test_saving_again_replaces_the_draft(self, store: WholeStore) -> None:
        project, other = await stored_project(store), await stored_project(store)
        kept = await store.drafts.save_publish_draft(other.id, DRAFT)
        first = await store.drafts.save_publish_draft(project.id, DRAFT)
        second = await store.drafts.save_publish_draft(project.id, PublishDraft(title="B"))
        assert replace(second, updated_at=None) == PublishDraft(title="B")
        assert first.updated_at is not None
        assert second.updated_at is not None
        assert second.updated_at >= first.updated_at
        assert await store.drafts.publish_draft(project.id) == second
        assert await store.drafts.publish_draft(other.id) == kept

    async def test_of_drafts_saved_at_once_one_is_whole(self, store: WholeStore) -> None:
        project = await stored_project(store)

        async def save(number: int) -> None:
            draft = PublishDraft(title=f"{number}", description=f"{number}")
            await store.drafts.save_publish_draft(project.id, draft)

        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(save, number)
        draft = await store.drafts.publish_draft(project.id)
        assert draft is not None
        assert draft.title == draft.description

    async def test_a_draft_needs_its_project_and_goes_with_it(self, store: WholeStore) -> None:
        project = await stored_project(store)
        await store.drafts.save_publish_draft(project.id, DRAFT)
        await store.delete_project(project.id)
        assert await store.drafts.publish_draft(project.id) is None
        for gone in (project.id, random_uuid(), "not an id"):
            with pytest.raises(DreamCoreError) as refusal:
                await store.drafts.save_publish_draft(gone, DRAFT)
            assert refusal.value.code is ErrorCode.PROJECT_NOT_FOUND

    async def test_projects_are_told_with_the_description_of_their_draft(
        self, store: WholeStore
    ) -> None:
        project = await stored_project(store)
        plain = await stored_project(store, user_id=project.user_id)
        await stored_generation(store, project)
        await store.drafts.save_publish_draft(project.id, DRAFT)
        described = replace(project, description=DRAFT.description)
        assert await store.project(project.id) == described
        page = await store.projects(project.user_id, first=9, after=None)
        assert {p.id: p.description for p in page.items} == {
            project.id: DRAFT.description,
            plain.id: "",
        }
        recent = await store.recent_projects(project.user_id, limit=9)
        assert {p.id: p.description for p in recent} == {
            project.id: DRAFT.description,
            plain.id: "",
        }
        renamed = await store.rename_project(project.id, "B")
        assert renamed is not None
        assert (renamed.name, renamed.description) == ("B", DRAFT.description)
