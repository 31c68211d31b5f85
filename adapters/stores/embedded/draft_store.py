"""Publish drafts in SQLite (`contract/legacy-http.md` §4.2, `publish_drafts`)."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from adapters.stores.embedded.database import Database
from adapters.stores.embedded.store_queries import find
from adapters.stores.embedded.store_tables import Row, timestamp
from schema.errors import DreamCoreError, ErrorCode
from schema.publishing import PublishDraft, Remix, Visibility

_COLUMNS: Final = (
    "title, description, how_to_play, tags, visibility, remix, thumbnail_url, updated_at"
)
_SAVE: Final = (
    f"INSERT OR REPLACE INTO publish_drafts (project_id, {_COLUMNS})"
    f" SELECT id{', ?' * len(_COLUMNS.split(','))} FROM projects WHERE id = ?"
)


class EmbeddedDraftStore:
    """`schema.publishing.DraftStore` in the file of the embedded store."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database: Final = database
        self._now: Final = now

    async def publish_draft(self, project_id: str) -> PublishDraft | None:
        """The project's draft, whoever owns it."""
        query = f"SELECT {_COLUMNS} FROM publish_drafts WHERE project_id = ?"
        return await self._database.read(lambda c: find(c, _draft_of, query, project_id))

    async def save_publish_draft(self, project_id: str, draft: PublishDraft) -> PublishDraft:
        """Keep it with the present time. Raises PROJECT_NOT_FOUND when the project is gone."""
        at = self._now()
        values = (*_row(draft, at), project_id)
        if not await self._database.run(lambda c: c.execute(_SAVE, values).rowcount):
            raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)
        return replace(draft, updated_at=at)


def _row(draft: PublishDraft, at: datetime) -> Row:
    """The values of `_COLUMNS`."""
    return (
        draft.title,
        draft.description,
        draft.how_to_play,
        msgspec.json.encode(draft.tags).decode(),
        draft.visibility.value,
        draft.remix.value,
        draft.thumbnail_url,
        timestamp(at),
    )


def _draft_of(row: sqlite3.Row) -> PublishDraft:
    return PublishDraft(
        title=row["title"],
        description=row["description"],
        how_to_play=row["how_to_play"],
        tags=msgspec.json.decode(row["tags"], type=tuple[str, ...]),
        visibility=Visibility(row["visibility"]),
        remix=Remix(row["remix"]),
        thumbnail_url=row["thumbnail_url"],
        updated_at=datetime.fromisoformat(row["updated_at"]),
    )
