"""The table of conversations (`contract/legacy-http.md` §4.2, `chat_history`)."""

import sqlite3
from datetime import datetime

from adapters.stores.embedded.store_tables import timestamp
from schema.models import ChatMessage, Generation


def append_message(
    connection: sqlite3.Connection, generation: Generation, message: ChatMessage
) -> None:
    """Insert a message unless the generation has one of that role; touch the project."""
    at = timestamp(message.at)
    connection.execute(
        "INSERT OR IGNORE INTO chat_history"
        " (project_id, user_id, role, message, created_at, job_id)"
        " SELECT id, ?, ?, ?, ?, ? FROM projects WHERE id = ?",
        (
            generation.user_id,
            message.role,
            message.content,
            at,
            generation.id,
            generation.project_id,
        ),
    )
    connection.execute(
        "UPDATE projects SET updated_at = max(updated_at, ?) WHERE id = ?",
        (at, generation.project_id),
    )


def newest_messages(
    connection: sqlite3.Connection, project_id: str, last: int
) -> list[ChatMessage]:
    """The newest messages of a project, oldest first."""
    rows = connection.execute(
        "SELECT role, message, created_at FROM chat_history WHERE project_id = ?"
        " ORDER BY id DESC LIMIT ?",
        (project_id, last),
    ).fetchall()
    return [
        ChatMessage(row["role"], row["message"], datetime.fromisoformat(row["created_at"]))
        for row in reversed(rows)
    ]
