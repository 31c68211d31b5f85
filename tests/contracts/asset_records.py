"""Assets for the suites of the asset store and the draft store."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from schema.assets import Asset, AssetStore
from schema.identifiers import random_uuid
from schema.ports import Store
from schema.publishing import DraftStore
from tests.contracts.records import AT


class WholeStore(Store, Protocol):
    """A store with what belongs to its projects."""

    @property
    def assets(self) -> AssetStore: ...

    @property
    def drafts(self) -> DraftStore: ...


def an_asset(owner_id: str | None, **changes: Any) -> Asset:
    """A new picture of `owner_id`, unless `changes` says otherwise."""
    asset = Asset(
        id=random_uuid(),
        owner_id=owner_id,
        alias="",
        filename="ship.png",
        original_name="Ship.png",
        mime_type="image/png",
        size=70,
        hash="ab" * 32,
        created_at=AT,
    )
    return replace(asset, **changes)


async def stored_asset(
    store: WholeStore,
    owner_id: str | None = None,
    aliases: Sequence[str] | None = None,
    **changes: Any,
) -> Asset:
    """An asset that the store holds, by default of a new user and under a name of its own."""
    asset = an_asset(owner_id or random_uuid(), **changes)
    added = await store.assets.add_asset(asset, aliases or [asset.id])
    assert added is not None
    return added
