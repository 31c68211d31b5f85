"""The forms of projects, jobs, versions and messages on the wire (`contract/legacy-ws.md` §2).

Key order is that of the wire: dictionaries and dataclasses are encoded in the order written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from schema.errors import ERRORS
from schema.mirror import VersionRecord
from schema.models import ChatMessage, Generation, Project

Form = dict[str, Any]

LISTED_COMMITS: Final = 50
LISTED_VERSIONS: Final = 20
ABBREVIATED: Final = 7
_BOOKKEEPING: Final = ("Before restore", "Restored to", "Initial project setup", "Migration from")


def timestamp(at: datetime) -> str:
    """As the database writes it: `2026-01-27T03:11:44.123456+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def commit_time(at: datetime) -> str:
    """As JavaScript writes it: `2026-01-27T03:11:44.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json_text(value: object) -> str:
    """Compact JSON, as frames and `jobs.result` hold it."""
    return msgspec.json.encode(value).decode()


def short_form(project: Project) -> Form:
    """A project in the answer to one request."""
    return {
        "id": project.id,
        "name": project.name,
        "createdAt": timestamp(project.created_at),
        "updatedAt": timestamp(project.updated_at),
    }


def list_form(project: Project) -> Form:
    """A project in a list. Nothing is published or remixed yet."""
    return {
        "id": project.id,
        "name": project.name,
        "description": "",
        "isPublic": False,
        "remixedFrom": None,
        "createdAt": timestamp(project.created_at),
        "updatedAt": timestamp(project.updated_at),
    }


def history_form(message: ChatMessage) -> Form:
    """One line of the conversation."""
    return {"role": message.role, "content": message.content, "timestamp": timestamp(message.at)}


def version_forms(commits: Sequence[VersionRecord]) -> list[Form]:
    """The versions among `commits` (newest first): no bookkeeping, at most 20; 1 is the newest."""
    shown = [c for c in commits if not any(mark in c.subject for mark in _BOOKKEEPING)]
    return [
        {
            "id": commit.hash[:ABBREVIATED],
            "number": number,
            "message": " ".join(commit.subject.splitlines()),
            "timestamp": commit_time(commit.at),
            "hash": commit.hash[:ABBREVIATED],
        }
        for number, commit in enumerate(shown[:LISTED_VERSIONS], 1)
    ]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A generation as a row of the legacy `jobs` table. `result` is JSON text."""

    id: str
    user_id: str
    project_id: str
    status: str
    progress: int
    progress_message: str | None
    result: str | None
    error: str | None
    created_at: str
    updated_at: str


def job_row(generation: Generation) -> JobRow:
    """The row without what only the log knows: `result`, and a failure's own words."""
    code = generation.error_code
    return JobRow(
        id=generation.id,
        user_id=generation.user_id,
        project_id=generation.project_id,
        status=generation.status.value,
        progress=generation.progress,
        progress_message=generation.progress_message,
        result=None,
        error=ERRORS[code].message if code is not None else None,
        created_at=timestamp(generation.created_at),
        updated_at=timestamp(generation.updated_at),
    )
