"""Projects and jobs as browsers read them, over HTTP and in frames alike.

Source: `contract/legacy-ws.md` §2, `contract/legacy-http.md` §1.3, §1.4. Key order is that of the
wire: dictionaries and dataclasses are encoded in the order written here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from resolvers.pipeline import UPDATED
from schema.errors import ERRORS
from schema.events import Completed, Mode
from schema.models import Generation, Project, Route, SourceEdit, VersionContext

Form = dict[str, Any]

# Who answered, in the words of the protocol (`contract/legacy-ws.md` §4.3).
_GENERATORS: Final = {Route.CHAT: "haiku", Route.ASK_DIMENSION: "gemini"}
_GENERATOR: Final = "claude"
_SYSTEM_PROMPT_VERSION: Final = "1.0"


def timestamp(at: datetime) -> str:
    """As the database writes it: `2026-01-27T03:11:44.123456+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def script_time(at: datetime) -> str:
    """As JavaScript writes it: `2026-01-27T03:11:44.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json_text(value: object) -> str:
    """Compact JSON, as frames and `jobs.result` hold it."""
    return msgspec.json.encode(value).decode()


def list_form(project: Project) -> Form:
    """A project in a list; `description` is its draft's. Nothing is published or remixed yet."""
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "isPublic": False,
        "remixedFrom": None,
        "createdAt": timestamp(project.created_at),
        "updatedAt": timestamp(project.updated_at),
    }


def edit_form(edit: SourceEdit) -> Form:
    """What was replaced in a file."""
    return {"path": edit.path, "old_string": edit.old_string, "new_string": edit.new_string}


def context_form(context: VersionContext) -> Form:
    """What a version was made from (`contract/legacy-http.md` §6.2)."""
    return {
        "timestamp": script_time(context.at),
        "userPrompt": context.prompt,
        "aiSummary": context.note.summary,
        "skills": context.skills,
        "generator": _GENERATOR,
        "edits": [edit_form(edit) for edit in context.note.edits],
        "systemPromptVersion": _SYSTEM_PROMPT_VERSION,
    }


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


def result_form(route: Route, event: Completed, *, replied: bool) -> Form:
    """What `jobs.result` says of a success; `replied`: a `Reply` has told it already."""
    result: Form = {"message": event.message or UPDATED}
    # With a mode browsers print nothing here: only right when another frame has printed it.
    if event.mode is Mode.RESTORE or (event.mode is Mode.CHAT and replied):
        result["mode"] = event.mode.value
    if route is Route.DETECT and event.mode is Mode.CHAT:
        route = Route.CHAT
    return result | {"generator": _GENERATORS.get(route, _GENERATOR)}
