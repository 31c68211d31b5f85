"""How a generation's row changes while it runs and when it ends."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.stores.embedded.store_notes import keep_note
from adapters.stores.embedded.store_tables import timestamp
from schema.errors import ERRORS, ErrorCode
from schema.models import ACTIVE, TRANSITIONS, GenerationStatus, Plan, VersionNote

IS_ACTIVE: Final = f"status IN ({', '.join(repr(status.value) for status in ACTIVE)})"


def change_status(
    connection: sqlite3.Connection,
    generation_id: str,
    to: GenerationStatus,
    error_code: ErrorCode | None,
    version: str | None,
    message: str | None,
    note: VersionNote | None,
    at: datetime,
) -> bool:
    """See `EmbeddedStore.transition`."""
    sources = [status.value for status in TRANSITIONS.get(to, ())]
    code_text = ERRORS[error_code].message if error_code else None
    changed = connection.execute(
        "UPDATE jobs SET status = ?, progress = max(progress, ?), error_code = ?, error = ?,"
        " version = ?, progress_message = coalesce(?, progress_message), updated_at = ?"
        f" WHERE id = ? AND status IN ({', '.join('?' * len(sources))})",
        (
            to.value,
            100 if to is GenerationStatus.COMPLETED else 0,
            error_code and error_code.value,
            (message or code_text) if to is GenerationStatus.FAILED else None,
            version,
            message,
            timestamp(at),
            generation_id,
            *sources,
        ),
    )
    if changed.rowcount == 1 and note is not None:
        keep_note(connection, generation_id, note)
    return changed.rowcount == 1


def replace_plan(
    connection: sqlite3.Connection, generation_id: str, plan: Plan, at: datetime
) -> None:
    """Keep what was decided about the message of an active generation."""
    connection.execute(
        f"UPDATE jobs SET plan = ?, updated_at = ? WHERE id = ? AND {IS_ACTIVE}",
        (msgspec.json.encode(plan).decode(), timestamp(at), generation_id),
    )


def replace_skills(
    connection: sqlite3.Connection, generation_id: str, skills: Sequence[str], at: datetime
) -> None:
    """Keep what was chosen for the run of an active generation."""
    connection.execute(
        f"UPDATE jobs SET skills = ?, updated_at = ? WHERE id = ? AND {IS_ACTIVE}",
        (msgspec.json.encode(skills).decode(), timestamp(at), generation_id),
    )


def raise_progress(
    connection: sqlite3.Connection, generation_id: str, percent: int, message: str, at: datetime
) -> None:
    """Progress of an active generation never falls; its text is the latest."""
    connection.execute(
        "UPDATE jobs SET progress = max(progress, ?), progress_message = ?, updated_at = ?"
        f" WHERE id = ? AND {IS_ACTIVE}",
        (min(percent, 100), message, timestamp(at), generation_id),
    )
