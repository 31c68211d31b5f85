"""Which handler answers which message: the table of the protocol."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from adapters.legacy import frames
from adapters.legacy.answers import Answer
from adapters.legacy.close_codes import Close
from adapters.legacy.job_handlers import cancel, get_job_status, send_message, subscribe_job
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
    RenameProject,
    RestoreVersion,
    SelectProject,
    SendMessage,
    SubscribeJob,
)
from adapters.legacy.ports import Ports
from adapters.legacy.preconditions import unmet
from adapters.legacy.project_handlers import (
    create_project,
    delete_project,
    get_project_info,
    rename_project,
    select_project,
)
from adapters.legacy.session import Session, expiry_of
from adapters.legacy.texts import (
    ACCESS_TOKEN_REQUIRED,
    INVALID_ACCESS_TOKEN,
    INVALID_TOKEN,
    TOKEN_EXPIRED,
)
from adapters.legacy.version_handlers import (
    get_version_edits,
    get_versions,
    restore_version,
)
from schema.errors import DreamCoreError, ErrorCode

_Handler = Callable[[Ports, Session, Any], Awaitable[Answer]]

HANDLERS: Final[dict[type[ClientMessage], _Handler]] = {
    SelectProject: select_project,
    CreateProject: create_project,
    DeleteProject: delete_project,
    RenameProject: rename_project,
    GetProjectInfo: get_project_info,
    SendMessage: send_message,
    Cancel: cancel,
    GetVersions: get_versions,
    GetVersionEdits: get_version_edits,
    RestoreVersion: restore_version,
    GetJobStatus: get_job_status,
    SubscribeJob: subscribe_job,
}


async def answer(ports: Ports, session: Session | None, message: ClientMessage) -> Answer:
    """The answer to any message but `ping`. Raises `DreamCoreError`."""
    if isinstance(message, Init):
        return await introduce(ports, message)
    refusal = unmet(message, session, ports.clock())
    if refusal is not None:
        return Answer(frames.error(refusal))
    assert session is not None  # the first need of every message but `init` and `ping`
    return await HANDLERS[type(message)](ports, session, message)


async def introduce(ports: Ports, message: Init) -> Answer:
    """Authenticate. The wording of a refusal reads the token unverified; nothing else does."""
    token = message.access_token
    if token is None:
        return _turned_away(ACCESS_TOKEN_REQUIRED, Close.AUTHENTICATION_REQUIRED)
    if not isinstance(token, str):
        return _turned_away(INVALID_ACCESS_TOKEN)
    expires_at = expiry_of(token)
    try:
        viewer = await ports.identity.authenticate(token)
    except DreamCoreError as error:
        if error.code is not ErrorCode.UNAUTHENTICATED:
            raise
        ended = expires_at is not None and expires_at <= ports.clock()
        return _turned_away(TOKEN_EXPIRED if ended else INVALID_TOKEN)
    projects = await ports.projects.recent(viewer)
    return Answer(frames.init(viewer.user_id, projects), session=Session(viewer, expires_at))


def _turned_away(text: str, close: Close = Close.AUTHENTICATION_FAILED) -> Answer:
    return Answer(frames.error(text), close=close)
