"""What clients send: fourteen typed messages, parsed by a table (`contract/legacy-ws.md` §2).

Parsing settles types only. What a missing field means depends on the state of the socket:
`preconditions` decides that, in the documented order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from adapters.legacy.texts import INVALID_MESSAGE_FORMAT, UNKNOWN_MESSAGE_TYPE
from schema.models import Dimension, StyleChoice

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Init:
    """`access_token` is whatever was sent; None for nothing or an empty value."""

    access_token: object


@dataclass(frozen=True, slots=True)
class Ping:
    """Answered with `pong` at any moment."""


@dataclass(frozen=True, slots=True)
class SelectProject:
    """Show a project, and its job if one runs."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class CreateProject:
    """`name` is "" when none was sent, None when it is no text."""

    name: str | None


@dataclass(frozen=True, slots=True)
class DeleteProject:
    """Remove a project."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class RenameProject:
    """Give a project another name."""

    project_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class GetProjectInfo:
    """Ask for the name of a project."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class SendMessage:
    """The user's words for the current project, in one of four shapes (§2.8)."""

    content: str | None
    style: StyleChoice | None = None
    skip_style_selection: bool = False
    auto_fix: bool = False
    disable_skills: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a job, or whatever runs in the current project."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class GetVersions:
    """Ask for a project's versions."""

    project_id: str | None


@dataclass(frozen=True, slots=True)
class GetVersionEdits:
    """Ask what a version changed."""

    project_id: str | None
    version_hash: str | None


@dataclass(frozen=True, slots=True)
class RestoreVersion:
    """Go back to a version."""

    project_id: str | None
    version_id: str | None


@dataclass(frozen=True, slots=True)
class GetJobStatus:
    """Ask for a job's row."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class SubscribeJob:
    """Follow a job."""

    job_id: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A frame that is no message; `reason` is the error text to answer with."""

    reason: str


ClientMessage = (
    Init
    | Ping
    | SelectProject
    | CreateProject
    | DeleteProject
    | RenameProject
    | GetProjectInfo
    | SendMessage
    | Cancel
    | GetVersions
    | GetVersionEdits
    | RestoreVersion
    | GetJobStatus
    | SubscribeJob
)


def parse(frame: str | bytes) -> ClientMessage | Unreadable:
    """The message in a frame, text or binary."""
    try:
        fields = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Unreadable(INVALID_MESSAGE_FORMAT)
    if fields is None:
        return Unreadable(INVALID_MESSAGE_FORMAT)
    kind = fields.get("type") if isinstance(fields, dict) else None
    parser = PARSERS.get(kind) if isinstance(kind, str) else None
    return parser(fields) if parser is not None else Unreadable(UNKNOWN_MESSAGE_TYPE)


def _given(value: object) -> bool:
    """What JavaScript calls truthy, for JSON values: empty lists and objects are."""
    return isinstance(value, list | dict) or bool(value)


def _identifier(fields: Fields, key: str) -> str | None:
    """None when nothing was sent. What is no text is as good as a malformed id: the empty one."""
    value = fields.get(key)
    if not _given(value):
        return None
    return value if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _init(fields: Fields) -> Init:
    token = fields.get("access_token")
    return Init(token if _given(token) else None)


def _create_project(fields: Fields) -> CreateProject:
    name = fields.get("name", "")
    return CreateProject(name if isinstance(name, str) else None)


def _send_message(fields: Fields) -> SendMessage:
    chosen, options = fields.get("selectedStyle"), fields.get("debugOptions")
    style = None
    if isinstance(chosen, dict):
        spatial = chosen.get("dimension") == Dimension.THREE.value
        dimension = Dimension.THREE if spatial else Dimension.TWO
        style = StyleChoice(dimension, _text(chosen.get("styleId")) or "")
    return SendMessage(
        _text(fields.get("content")),
        style,
        skip_style_selection=_given(fields.get("skipStyleSelection")) or _given(chosen),
        auto_fix=_given(fields.get("autoFix")),
        disable_skills=isinstance(options, dict) and _given(options.get("disableSkills")),
    )


PARSERS: Final[dict[str, Callable[[Fields], ClientMessage]]] = {
    "init": _init,
    "ping": lambda _: Ping(),
    "selectProject": lambda f: SelectProject(_identifier(f, "projectId")),
    "createProject": _create_project,
    "deleteProject": lambda f: DeleteProject(_identifier(f, "projectId")),
    "renameProject": lambda f: RenameProject(_identifier(f, "projectId"), _text(f.get("name"))),
    "getProjectInfo": lambda f: GetProjectInfo(_identifier(f, "projectId")),
    "message": _send_message,
    "cancel": lambda f: Cancel(_identifier(f, "jobId")),
    "getVersions": lambda f: GetVersions(_identifier(f, "projectId")),
    "getVersionEdits": lambda f: GetVersionEdits(
        _identifier(f, "projectId"), _text(f.get("versionHash"))
    ),
    "restoreVersion": lambda f: RestoreVersion(
        _identifier(f, "projectId"), _identifier(f, "versionId")
    ),
    "getJobStatus": lambda f: GetJobStatus(_identifier(f, "jobId")),
    "subscribeJob": lambda f: SubscribeJob(_identifier(f, "jobId")),
}
