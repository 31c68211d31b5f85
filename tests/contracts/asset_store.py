"""What every asset store does: the suite behind `schema.assets.AssetStore`.

A test module subclasses `AssetStoreContract` and gives it a `store` fixture, parametrised over the
implementations.
"""

from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from schema.assets import Asset, AssetChanges
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from tests.contracts.asset_links import LinksContract
from tests.contracts.asset_records import WholeStore, an_asset, stored_asset
from tests.contracts.asset_search import SearchContract
from tests.contracts.records import AT, later, stored_project


class AliasContract:
    """How assets are kept, and under which names."""

    async def test_an_asset_comes_back_as_it_was_added(self, store: WholeStore) -> None:
        project = await stored_project(store)
        asset = an_asset(
            project.user_id,
            filename="船 🚀_1a2b3c4d.png",
            original_name="船 🚀.png",
            created_in_project_id=project.id,
            is_public=False,
            available_from=AT,
            available_until=AT + timedelta(days=1),
            tags="宇宙,ship",
            description="a 'quoted' \"ship\"\n",
        )
        added = await store.assets.add_asset(asset, ["船.png"])
        assert added == replace(asset, alias="船.png")
        assert await store.assets.asset(asset.id) == added
        assert await store.assets.asset(asset.id.upper()) == added
        assert await store.assets.asset_by_alias(project.user_id.upper(), "船.png") == added

    async def test_unknown_assets_are_none(self, store: WholeStore) -> None:
        asset = await stored_asset(store, aliases=["a.png"])
        assert asset.owner_id is not None
        assert await store.assets.asset(random_uuid()) is None
        assert await store.assets.asset_by_alias(random_uuid(), "a.png") is None
        assert await store.assets.asset_by_alias(asset.owner_id, "A.png") is None
        assert await store.assets.global_asset("ships", "a.png") is None
        assert await store.assets.stored_filenames(random_uuid()) == frozenset()

    async def test_the_first_free_alias_is_taken(self, store: WholeStore) -> None:
        mine, other = random_uuid(), random_uuid()
        names = ["a.png", "b.png"]
        assert (await stored_asset(store, mine, names)).alias == "a.png"
        assert (await stored_asset(store, mine.upper(), names)).alias == "b.png"
        assert (await stored_asset(store, other, names)).alias == "a.png"
        refused = an_asset(mine)
        assert await store.assets.add_asset(refused, names) is None
        assert await store.assets.add_asset(refused, []) is None
        assert await store.assets.asset(refused.id) is None

    async def test_of_many_at_once_each_gets_an_alias_of_its_own(self, store: WholeStore) -> None:
        owner = random_uuid()
        names = [f"ship-{number}.png" for number in range(20)]
        added: list[Asset | None] = []

        async def add() -> None:
            added.append(await store.assets.add_asset(an_asset(owner), names))

        async with anyio.create_task_group() as tasks:
            for _ in range(25):
                tasks.start_soon(add)
        assert sorted(asset.alias for asset in added if asset) == sorted(names)
        assert added.count(None) == 5

    async def test_a_deleted_asset_keeps_its_alias(self, store: WholeStore) -> None:
        owner = random_uuid()
        asset = await stored_asset(store, owner, ["a.png"], filename="a_1.png")
        assert await store.assets.delete_asset(asset.id.upper())
        deleted = replace(asset, is_deleted=True)
        assert await store.assets.asset(asset.id) == deleted
        assert await store.assets.asset_by_alias(owner, "a.png") == deleted
        assert await store.assets.add_asset(an_asset(owner), ["a.png"]) is None
        assert await store.assets.stored_filenames(owner.upper()) == {"a_1.png"}

    async def test_an_official_asset_is_nobodys(self, store: WholeStore) -> None:
        names = [f"{random_uuid()}.png", f"{random_uuid()}.png"]
        for alias in names:
            asset = an_asset(None, category="ships")
            added = await store.assets.add_asset(asset, names)
            assert added == replace(asset, alias=alias)
            assert await store.assets.global_asset("ships", alias) == added
            assert await store.assets.global_asset("planets", alias) is None
        assert await store.assets.add_asset(an_asset(None, category="planets"), names) is None
        assert (await stored_asset(store, aliases=names)).alias == names[0]

    async def test_a_second_asset_with_the_same_id_changes_nothing(self, store: WholeStore) -> None:
        asset = await stored_asset(store, aliases=["a.png"])
        with pytest.raises(DreamCoreError):
            await store.assets.add_asset(replace(asset, size=1), ["b.png"])
        assert await store.assets.asset(asset.id) == asset


class ChangesContract:
    """Changing and deleting."""

    async def test_what_is_none_is_left(self, store: WholeStore) -> None:
        asset = await stored_asset(store, tags="a", description="b")
        for changes, expected in [
            (AssetChanges(), asset),
            (AssetChanges(tags="x"), replace(asset, tags="x")),
            (AssetChanges(is_public=False), replace(asset, tags="x", is_public=False)),
            (
                AssetChanges(tags="", description="新しい", is_public=True),
                replace(asset, tags="", description="新しい", is_public=True),
            ),
        ]:
            assert await store.assets.update_asset(asset.id.upper(), changes) == expected
            assert await store.assets.asset(asset.id) == expected

    async def test_nothing_else_changes(self, store: WholeStore) -> None:
        owner = random_uuid()
        asset, other = await stored_asset(store, owner), await stored_asset(store, owner)
        await store.assets.update_asset(asset.id, AssetChanges(tags="x"))
        await store.assets.delete_asset(asset.id)
        assert await store.assets.asset(other.id) == other

    async def test_a_deleted_asset_does_not_change(self, store: WholeStore) -> None:
        asset = await stored_asset(store)
        assert await store.assets.delete_asset(asset.id)
        assert not await store.assets.delete_asset(asset.id)
        assert await store.assets.update_asset(asset.id, AssetChanges(tags="late")) is None
        assert await store.assets.asset(asset.id) == replace(asset, is_deleted=True)

    async def test_an_unknown_asset_does_not_change(self, store: WholeStore) -> None:
        assert not await store.assets.delete_asset(random_uuid())
        assert await store.assets.update_asset(random_uuid(), AssetChanges(tags="x")) is None

    async def test_of_many_deletions_one_succeeds(self, store: WholeStore) -> None:
        asset = await stored_asset(store)
        outcomes: list[bool] = []

        async def delete() -> None:
            outcomes.append(await store.assets.delete_asset(asset.id))

        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(delete)
        assert outcomes.count(True) == 1

    async def test_text_without_a_utf8_form_is_refused(self, store: WholeStore) -> None:
        asset = await stored_asset(store, created_at=later(1))
        with pytest.raises(DreamCoreError) as refusal:
            await store.assets.update_asset(asset.id, AssetChanges(tags="\ud800"))
        assert refusal.value.code is ErrorCode.INVALID_INPUT
        assert await store.assets.asset(asset.id) == asset


class AssetStoreContract(AliasContract, ChangesContract, SearchContract, LinksContract):
    """Every part."""
