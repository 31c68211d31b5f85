"""From a frame to a typed message, by a table.

Parsing settles types only. What a missing field means depends on the state of the socket:
`preconditions` decides that, in the documented order.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from adapters.legacy.messages import (
    Cancel,
    ClientMessage,
    CreateProject,
    DeleteProject,
    GetJobStatus,
    GetProjectInfo,
    GetVersionEdits,
    GetVersions,
    Init,
    Ping,
    RenameProject,
    RestoreVersion,
    SelectProject,
    SendMessage,
    SubscribeJob,
    Unreadable,
)
from adapters.legacy.texts import (
    DEFAULT_PROJECT_NAME,
    INVALID_MESSAGE_FORMAT,
    UNKNOWN_MESSAGE_TYPE,
)
from schema.models import Dimension, StyleChoice

Fields = Mapping[str, Any]


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
    name = fields.get("name", DEFAULT_PROJECT_NAME)
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
