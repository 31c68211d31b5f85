"""The mapping between rows of the table `assets` and our model of them."""

import sqlite3
from datetime import datetime
from typing import Final

from adapters.stores.embedded.store_tables import Row, timestamp
from schema.assets import Asset

ASSET_COLUMNS: Final = (
    "id, owner_id, alias, filename, original_name, mime_type, size, hash, created_in_project_id, "
    "is_public, is_deleted, is_global, category, available_from, available_until, tags, "
    "description, created_at, updated_at"
)


def asset_row(asset: Asset) -> Row:
    """The values of `ASSET_COLUMNS`."""
    created_at = timestamp(asset.created_at)
    return (
        asset.id,
        asset.owner_id,
        asset.alias,
        asset.filename,
        asset.original_name,
        asset.mime_type,
        asset.size,
        asset.hash,
        asset.created_in_project_id,
        asset.is_public,
        asset.is_deleted,
        asset.owner_id is None,
        asset.category,
        _optional(asset.available_from),
        _optional(asset.available_until),
        asset.tags,
        asset.description,
        created_at,
        created_at,
    )


def asset_of(row: sqlite3.Row) -> Asset:
    """The asset of a row of `ASSET_COLUMNS`."""
    return Asset(
        id=row["id"],
        owner_id=row["owner_id"],
        alias=row["alias"],
        filename=row["filename"],
        original_name=row["original_name"],
        mime_type=row["mime_type"],
        size=row["size"],
        hash=row["hash"],
        created_at=datetime.fromisoformat(row["created_at"]),
        created_in_project_id=row["created_in_project_id"],
        is_public=bool(row["is_public"]),
        is_deleted=bool(row["is_deleted"]),
        category=row["category"],
        available_from=_instant(row["available_from"]),
        available_until=_instant(row["available_until"]),
        tags=row["tags"],
        description=row["description"],
    )


def _optional(at: datetime | None) -> str | None:
    return None if at is None else timestamp(at)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
