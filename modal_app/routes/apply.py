"""`POST /apply_files`: writing files, and the git operations that share its address.

Texts, shapes and codes: `contract/legacy-modal.md` §1.4. Unlike there, a write happens wholly or
not at all, a failure to keep it is an error, and a restore brings back the whole version.
"""

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from modal_app.routes.requests import invalid, read_object, required_commit, required_uuid
from modal_app.routes.responses import SSE_HEADERS, Json, frame, problem
from modal_app.routes.state import state_of
from modal_app.workspace.errors import CommitMissing, WorkspaceBusy
from modal_app.workspace.paths import parse_path
from modal_app.workspace.store import FileChange
from modal_app.workspace.workspace import Workspace
from schema.errors import DreamCoreError, ErrorCode

Body = dict[str, Any]

MAX_FILES: Final = 2_000
LOG_LIMIT: Final = 50

_DEFAULT_MESSAGE: Final = "Update via API"
_ECHOED_CHARACTERS: Final = 200


async def apply_files(request: Request) -> Response:
    """Dispatch on `action`; without one, write."""
    state = state_of(request)
    body = await read_object(request, state.settings.max_body_bytes)
    workspace = state.workspace(
        required_uuid(body.get("user_id"), "user_id"),
        required_uuid(body.get("project_id"), "project_id"),
    )
    action = body.get("action")
    if action is None:
        return await _write(workspace, body)
    operation = _OPERATIONS.get(action) if isinstance(action, str) else None
    if operation is None:
        raise invalid(f"Unknown action: {str(action)[:_ECHOED_CHARACTERS]}")
    return await operation(workspace, body)


async def _write(workspace: Workspace, body: Body) -> Response:
    started = monotonic()
    files = body.get("files")
    if not isinstance(files, list) or not files:
        raise invalid("files array is required")
    if len(files) > MAX_FILES:
        raise DreamCoreError(ErrorCode.PAYLOAD_TOO_LARGE)
    changes = [_change(item) for item in files]
    message = body.get("commit_message") or _DEFAULT_MESSAGE
    if not isinstance(message, str):
        raise invalid("commit_message must be a string")
    try:
        for change in changes:
            _check_path(change.path)
        version = await workspace.apply(changes, message)
    except WorkspaceBusy:
        raise
    except DreamCoreError as error:
        return _events(_failure(error))
    milliseconds = round((monotonic() - started) * 1000)
    return _events(
        _status("Creating project directory..."),
        *(_status(_told(change)) for change in changes),
        _status("Committing changes..."),
        {
            "type": "log",
            "content": f"Committed: {version}" if version else "No changes to commit",
            "level": "info",
        },
        {"type": "result", "files": [_listed(change) for change in changes]},
        {
            "type": "done",
            "exit_code": 0,
            "exitCode": 0,
            "duration_ms": milliseconds,
            "version": version,
        },
    )


async def _log(workspace: Workspace, body: Body) -> Response:
    limit = body.get("limit", LOG_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise invalid("limit must be a positive number")
    commits = [
        {"hash": commit.hash, "message": commit.subject, "date": commit.at.isoformat()}
        for commit in await workspace.history(limit)
    ]
    return Json({"commits": commits, "_v": 2})


async def _diff(workspace: Workspace, body: Body) -> Response:
    commit = required_commit(body.get("commit"))
    if await workspace.head() is None:
        return problem(404, "Git not initialized")
    return Json({"diff": await workspace.diff(commit)})


async def _restore(workspace: Workspace, body: Body) -> Response:
    commit = required_commit(body.get("commit"))
    if await workspace.head() is None:
        return problem(404, "Git not initialized")
    try:
        with workspace.lock():
            version = await workspace.restore(commit)
            newest = await workspace.head()
            files = await workspace.files()
    except (WorkspaceBusy, CommitMissing):
        raise
    except DreamCoreError as error:
        return Json({"success": False, "error": error.message, "code": error.code})
    told = {"restored_files": files, "version": version, "newest": newest}
    return Json({"success": True, **told})


_OPERATIONS: Final[Mapping[str, Callable[[Workspace, Body], Awaitable[Response]]]] = {
    "git_log": _log,
    "git_diff": _diff,
    "git_restore": _restore,
}


def _change(item: object) -> FileChange:
    match {"action": "create", **item} if isinstance(item, dict) else item:
        case {"path": str(path), "action": "delete"}:
            return FileChange(path, None)
        case {"path": str(path), "content": str(content), "action": "create" | None}:
            return FileChange(path, content.encode())
        case _:
            raise invalid("each file needs a path, and content unless its action is delete")


def _check_path(path: str) -> None:
    try:
        parse_path(path)
    except DreamCoreError:
        raise invalid(f"Invalid file path: {path[:_ECHOED_CHARACTERS]}") from None


def _told(change: FileChange) -> str:
    return f"Deleted {change.path}" if change.content is None else f"Writing {change.path}..."


def _listed(change: FileChange) -> dict[str, object]:
    action = "delete" if change.content is None else "create"
    return {"path": change.path, "action": action, "size": len(change.content or b"")}


def _status(message: str) -> dict[str, object]:
    return {"type": "status", "message": message}


def _failure(error: DreamCoreError) -> dict[str, object]:
    return {
        "type": "error",
        "message": error.message,
        "userMessage": error.message,
        "code": error.code,
        "recoverable": error.retryable,
    }


def _events(*events: Mapping[str, object]) -> Response:
    return Response(b"".join(map(frame, events)), headers=SSE_HEADERS)
