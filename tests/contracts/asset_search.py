"""Lists of assets: pages and search."""

import pytest

from schema.assets import Asset, AssetChanges
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.models import Page
from tests.contracts.asset_records import WholeStore, stored_asset
from tests.contracts.records import later
from tests.contracts.store import TIES

FIELDS = ["filename", "original_name", "tags", "description"]


async def pages(
    store: WholeStore, owner_id: str, *, first: int, search: str | None = None
) -> list[Asset]:
    """Every asset of a list, page by page."""
    seen: list[Asset] = []
    page: Page[Asset] = Page((), has_next=True)
    while page.has_next:
        after = seen[-1].id if seen else None
        page = await store.assets.assets(owner_id, search=search, first=first, after=after)
        assert len(page.items) == first or not page.has_next
        seen.extend(page.items)
    return seen


async def found(store: WholeStore, owner_id: str, search: str) -> list[str]:
    """Aliases of what a search finds."""
    page = await store.assets.assets(owner_id, search=search, first=99)
    return sorted(asset.alias for asset in page.items)


class SearchContract:
    """`AssetStore.assets`."""

    async def test_pages_are_newest_first_and_complete_with_equal_times(
        self, store: WholeStore
    ) -> None:
        owner = random_uuid()
        made = [await stored_asset(store, owner, created_at=later(age)) for age in TIES]
        await stored_asset(store)
        for first in (1, 2, 3, len(made), 99):
            seen = await pages(store, owner.upper(), first=first)
            assert [asset.created_at for asset in seen] == sorted(
                (asset.created_at for asset in made), reverse=True
            )
            assert {asset.id for asset in seen} == {asset.id for asset in made}
            assert len(seen) == len(made)

    async def test_what_happens_between_pages_shifts_none(self, store: WholeStore) -> None:
        owner = random_uuid()
        old, middle, new = [
            await stored_asset(store, owner, created_at=later(age), tags="x") for age in range(3)
        ]
        page = await store.assets.assets(owner, search="x", first=1)
        assert (page.items, page.has_next) == ((new,), True)
        await stored_asset(store, owner, created_at=later(9), tags="x")
        await store.assets.update_asset(new.id, AssetChanges(tags="y"))
        await store.assets.delete_asset(new.id)
        page = await store.assets.assets(owner, search="x", first=1, after=new.id.upper())
        assert (page.items, page.has_next) == ((middle,), True)
        page = await store.assets.assets(owner, search="x", first=1, after=middle.id)
        assert (page.items, page.has_next) == ((old,), False)

    async def test_deleted_and_others_assets_are_not_listed(self, store: WholeStore) -> None:
        owner = random_uuid()
        kept, deleted = await stored_asset(store, owner), await stored_asset(store, owner)
        await stored_asset(store)
        await store.assets.delete_asset(deleted.id)
        for search in (None, "", "ship"):
            page = await store.assets.assets(owner, search=search, first=9)
            assert page == Page((kept,), has_next=False)

    async def test_nobody_has_an_empty_page(self, store: WholeStore) -> None:
        assert await store.assets.assets(random_uuid(), first=5) == Page((), has_next=False)

    async def test_a_position_in_another_list_is_refused(self, store: WholeStore) -> None:
        mine, other = await stored_asset(store), await stored_asset(store)
        assert mine.owner_id is not None
        for after in (other.id, random_uuid(), "not an id"):
            with pytest.raises(DreamCoreError) as refusal:
                await store.assets.assets(mine.owner_id, first=1, after=after)
            assert refusal.value.code is ErrorCode.INVALID_CURSOR

    @pytest.mark.parametrize("field", FIELDS)
    async def test_a_search_finds_text_in_every_field(self, store: WholeStore, field: str) -> None:
        owner = random_uuid()
        plain = dict.fromkeys(FIELDS, "nothing")
        await stored_asset(store, owner, ["other"], **plain)
        await stored_asset(store, owner, ["wanted"], **{**plain, field: "the Needle here"})
        assert await found(store, owner, "nEEDLE") == ["wanted"]

    async def test_a_search_knows_no_case_and_no_wildcards(self, store: WholeStore) -> None:
        owner = random_uuid()
        for alias, tags in [
            ("percent", "100%"),
            ("underscore", "a_b"),
            ("neither", "100 a-b"),
            ("japanese", "キャラクター,宇宙船"),
            ("wide", "ＳＨＩＰ"),
            ("accent", "ÉTOILE"),
            ("backslash", "a\\b"),
            ("untagged", None),
        ]:
            await stored_asset(store, owner, [alias], tags=tags)
        for search, expected in [
            ("%", ["percent"]),
            ("0%", ["percent"]),
            ("_", ["underscore"]),
            ("A_B", ["underscore"]),
            ("\\", ["backslash"]),
            ("宇宙", ["japanese"]),
            ("ラク", ["japanese"]),
            ("ｓｈｉｐ", ["wide"]),
            ("étoile", ["accent"]),
            ("' OR 1=1 --", []),
            ("*", []),
        ]:
            assert await found(store, owner, search) == expected, search

    async def test_a_search_has_pages(self, store: WholeStore) -> None:
        owner = random_uuid()
        for age in range(9):
            await stored_asset(
                store, owner, created_at=later(age), tags="hit" if age % 2 else "miss"
            )
        seen = await pages(store, owner, first=1, search="hit")
        assert [asset.created_at for asset in seen] == [later(age) for age in (7, 5, 3, 1)]
