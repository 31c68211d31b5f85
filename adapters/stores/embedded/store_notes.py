"""What runs told of the versions they made: one row a generation that made one."""

import sqlite3
from datetime import datetime
from typing import Final

import msgspec

from adapters.stores.embedded.store_queries import find
from schema.models import SourceEdit, VersionContext, VersionNote

_CONTEXTS: Final = (
    "SELECT message, skills, summary, edits, updated_at FROM jobs"
    " JOIN version_notes ON job_id = jobs.id WHERE project_id = ?"
)
_NEWEST: Final = " ORDER BY created_at DESC, jobs.id DESC LIMIT 1"


def keep_note(connection: sqlite3.Connection, generation_id: str, note: VersionNote) -> None:
    """Insert the note of a generation that ends with a version."""
    connection.execute(
        "INSERT INTO version_notes (job_id, summary, edits)"
        " SELECT id, ?, ? FROM jobs WHERE id = ? AND version IS NOT NULL",
        (note.summary, msgspec.json.encode(note.edits).decode(), generation_id),
    )


def find_context(
    connection: sqlite3.Connection, project_id: str, version: str | None
) -> VersionContext | None:
    """See `EmbeddedStore.version_context`."""
    if version is None:
        return find(connection, _context_of, _CONTEXTS + _NEWEST, project_id)
    query = f"{_CONTEXTS} AND version = ?{_NEWEST}"
    return find(connection, _context_of, query, project_id, version)


def _context_of(row: sqlite3.Row) -> VersionContext:
    edits = msgspec.json.decode(row["edits"], type=tuple[SourceEdit, ...])
    return VersionContext(
        prompt=row["message"],
        skills=msgspec.json.decode(row["skills"], type=tuple[str, ...]),
        note=VersionNote(row["summary"], edits),
        at=datetime.fromisoformat(row["updated_at"]),
    )
