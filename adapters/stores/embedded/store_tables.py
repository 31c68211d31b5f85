"""The mapping between rows of the embedded store and our models.

Timestamps are text in the form PostgREST prints, always in UTC and with microseconds, so that
their order is their text's order.
"""

import sqlite3
from datetime import UTC, datetime
from typing import Final

import msgspec

from schema.errors import ErrorCode
from schema.models import Generation, GenerationStatus, Plan, Project

PROJECT_COLUMNS: Final = "id, user_id, name, created_at, updated_at"
PROJECTS: Final = (
    f"SELECT {PROJECT_COLUMNS}, coalesce((SELECT description FROM publish_drafts"
    " WHERE project_id = projects.id), '') AS description FROM projects WHERE"
)
"""The projects for which the condition that follows holds."""
JOB_COLUMNS: Final = (
    "id, project_id, user_id, message, plan, skills, status, progress, progress_message, "
    "idempotency_key, error_code, version, created_at, updated_at"
)

Row = tuple[str | int | None, ...]

_ERROR_CODES: Final = {code.value: code for code in ErrorCode}


def timestamp(at: datetime) -> str:
    """`at` as stored. A ValueError when it names no time zone."""
    if at.tzinfo is None:
        raise ValueError("a timestamp needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def project_row(project: Project) -> Row:
    """The values of `PROJECT_COLUMNS`."""
    return (
        project.id,
        project.user_id,
        project.name,
        timestamp(project.created_at),
        timestamp(project.updated_at),
    )


def project_of(row: sqlite3.Row) -> Project:
    """The project of a row of `PROJECTS`."""
    return Project(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        description=row["description"],
    )


def job_row(generation: Generation) -> Row:
    """The values of `JOB_COLUMNS`."""
    return (
        generation.id,
        generation.project_id,
        generation.user_id,
        generation.message,
        msgspec.json.encode(generation.plan).decode(),
        msgspec.json.encode(generation.skills).decode(),
        generation.status.value,
        generation.progress,
        generation.progress_message,
        generation.idempotency_key,
        generation.error_code and generation.error_code.value,
        generation.version,
        timestamp(generation.created_at),
        timestamp(generation.updated_at),
    )


def generation_of(row: sqlite3.Row) -> Generation:
    """The generation of a row of `JOB_COLUMNS`."""
    code = row["error_code"]
    return Generation(
        id=row["id"],
        project_id=row["project_id"],
        user_id=row["user_id"],
        message=row["message"],
        plan=msgspec.json.decode(row["plan"], type=Plan),
        skills=msgspec.json.decode(row["skills"], type=tuple[str, ...]),
        status=GenerationStatus(row["status"]),
        progress=row["progress"],
        progress_message=row["progress_message"],
        idempotency_key=row["idempotency_key"],
        # A later release may have written a code of its own before it was rolled back.
        error_code=None if code is None else _ERROR_CODES.get(code, ErrorCode.UNKNOWN_ERROR),
        version=row["version"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
    )
