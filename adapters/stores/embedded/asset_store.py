"""Rows of assets, and which projects use them, in SQLite."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from adapters.stores.embedded.asset_tables import ASSET_COLUMNS, asset_of, asset_row
from adapters.stores.embedded.database import Database
from adapters.stores.embedded.store_queries import find, insert, page
from adapters.stores.embedded.store_tables import timestamp
from schema.assets import Asset, AssetChanges, ProjectName
from schema.models import Page

_ASSETS: Final = f"SELECT {ASSET_COLUMNS} FROM assets WHERE"
_SEARCHED: Final = ("filename", "original_name", "tags", "description")


class EmbeddedAssetStore:
    """`schema.assets.AssetStore` in the file of the embedded store."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database: Final = database
        self._now: Final = now

    async def add_asset(self, asset: Asset, aliases: Sequence[str]) -> Asset | None:
        """Insert it under the first alias that is free; one of a project that is gone has none."""

        def work(connection: sqlite3.Connection) -> Asset | None:
            taken = "SELECT 1 FROM assets WHERE owner_id IS ? AND alias = ?"
            for alias in aliases:
                if connection.execute(taken, (asset.owner_id, alias)).fetchone() is None:
                    return _add(connection, replace(asset, alias=alias))
            return None

        return await self._database.run(work)

    async def asset(self, asset_id: str) -> Asset | None:
        """The asset, whoever owns it."""
        return await self._database.read(lambda c: find(c, asset_of, f"{_ASSETS} id = ?", asset_id))

    async def asset_by_alias(self, owner_id: str, alias: str) -> Asset | None:
        """The owner's asset of this name."""
        query = f"{_ASSETS} owner_id = ? AND alias = ?"
        return await self._database.read(lambda c: find(c, asset_of, query, owner_id, alias))

    async def global_asset(self, category: str, alias: str) -> Asset | None:
        """The official asset of this name."""
        query = f"{_ASSETS} is_global AND category = ? AND alias = ?"
        return await self._database.read(lambda c: find(c, asset_of, query, category, alias))

    async def assets(
        self, owner_id: str, *, search: str | None = None, first: int, after: str | None = None
    ) -> Page[Asset]:
        """Newest first; a deleted asset remains a position."""
        wanted = (search or "").casefold()

        # SQLite would fold the case of ASCII alone.
        def matches(row: sqlite3.Row) -> bool:
            return any(wanted in (row[column] or "").casefold() for column in _SEARCHED)

        def work(connection: sqlite3.Connection) -> Page[Asset]:
            return page(
                connection,
                asset_of,
                f"{_ASSETS} owner_id = ?",
                owner_id,
                first=first,
                after=after,
                present=" AND NOT is_deleted",
                matches=matches if wanted else None,
            )

        return await self._database.read(work)

    async def link_asset(self, project_id: str, asset_id: str) -> None:
        """Note that a project uses it, once."""
        query = (
            "INSERT OR IGNORE INTO project_assets (project_id, asset_id, added_at)"
            " SELECT projects.id, assets.id, ? FROM projects, assets"
            " WHERE projects.id = ? AND assets.id = ?"
        )
        parameters = (timestamp(self._now()), project_id, asset_id)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(query, parameters)

        await self._database.run(work)

    async def linked_projects(
        self, asset_ids: Sequence[str]
    ) -> Mapping[str, tuple[ProjectName, ...]]:
        """By asset id, in the order of linking."""
        query = (
            "SELECT asset_id, projects.id, name FROM project_assets"
            " JOIN projects ON projects.id = project_id"
            " WHERE asset_id IN (SELECT value FROM json_each(?)) ORDER BY project_assets.id"
        )
        asked = json.dumps(list(asset_ids))

        def work(connection: sqlite3.Connection) -> dict[str, tuple[ProjectName, ...]]:
            found: dict[str, tuple[ProjectName, ...]] = {}
            for asset_id, project_id, name in connection.execute(query, (asked,)):
                found[asset_id] = (*found.get(asset_id, ()), ProjectName(project_id, name))
            return found

        return await self._database.read(work)

    async def project_assets(self, project_id: str) -> list[Asset]:
        """Those linked to a project and not deleted, in the order of linking."""
        columns = ", ".join(f"assets.{column}" for column in ASSET_COLUMNS.split(", "))
        query = (
            f"SELECT {columns} FROM project_assets JOIN assets ON assets.id = asset_id"
            " WHERE project_id = ? AND NOT is_deleted ORDER BY project_assets.id"
        )
        return await self._database.read(
            lambda c: [asset_of(row) for row in c.execute(query, (project_id,))]
        )

    async def update_asset(self, asset_id: str, changes: AssetChanges) -> Asset | None:
        """The asset as it is then, None when it is unknown or deleted."""
        update = (
            "UPDATE assets SET tags = coalesce(?, tags), description = coalesce(?, description),"
            " is_public = coalesce(?, is_public), updated_at = ? WHERE id = ? AND NOT is_deleted"
        )
        values = (changes.tags, changes.description, changes.is_public, timestamp(self._now()))

        def work(connection: sqlite3.Connection) -> Asset | None:
            if connection.execute(update, (*values, asset_id)).rowcount == 0:
                return None
            return find(connection, asset_of, f"{_ASSETS} id = ?", asset_id)

        return await self._database.run(work)

    async def delete_asset(self, asset_id: str) -> bool:
        """Mark it deleted; false when it was so, or is unknown."""
        update = "UPDATE assets SET is_deleted = 1, updated_at = ? WHERE id = ? AND NOT is_deleted"
        values = (timestamp(self._now()), asset_id)
        return await self._database.run(lambda c: c.execute(update, values).rowcount == 1)

    async def stored_filenames(self, owner_id: str) -> frozenset[str]:
        """File names of all rows of the owner, deleted ones too."""
        query = "SELECT filename FROM assets WHERE owner_id = ?"
        return await self._database.read(
            lambda c: frozenset(name for (name,) in c.execute(query, (owner_id,)))
        )


def _add(connection: sqlite3.Connection, asset: Asset) -> Asset:
    project_id = asset.created_in_project_id
    if project_id is not None:
        project = "SELECT id FROM projects WHERE id = ?"
        project_id = find(connection, lambda row: str(row["id"]), project, project_id)
    added = replace(asset, created_in_project_id=project_id)
    insert(connection, "assets", ASSET_COLUMNS, asset_row(added))
    return added
