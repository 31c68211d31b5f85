"""What a message needs before it is looked at: the state table of the protocol.

One row a message type: needs, in the order in which they are checked, and the error text of
each (`contract/legacy-ws.md` §2.0). The first unmet need answers and stops.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

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
)
from adapters.legacy.session import Session
from adapters.legacy.texts import (
    ACCESS_DENIED,
    INVALID_MESSAGE_FORMAT,
    INVALID_REQUEST,
    JOB_ID_REQUIRED,
    NO_PROJECT_SELECTED,
    NOT_AUTHENTICATED,
    NOT_INITIALIZED,
    TOKEN_EXPIRED,
)


class State(Enum):
    """What the socket must have got through."""

    INTRODUCED = auto()
    IN_PROJECT = auto()


@dataclass(frozen=True, slots=True)
class Need:
    """A state, or the name of a field that must be there."""

    what: State | str
    otherwise: str


def _needs(state_text: str, *fields: str, missing: str = INVALID_REQUEST) -> tuple[Need, ...]:
    introduced = Need(State.INTRODUCED, state_text)
    return (introduced, *(Need(field, missing) for field in fields))


NEEDS: Final[dict[type[ClientMessage], tuple[Need, ...]]] = {
    Init: (),
    Ping: (),
    SelectProject: _needs(NOT_INITIALIZED),
    CreateProject: _needs(NOT_INITIALIZED, "name", missing=INVALID_MESSAGE_FORMAT),
    DeleteProject: _needs(INVALID_REQUEST, "project_id"),
    RenameProject: _needs(INVALID_REQUEST, "project_id", "name"),
    GetProjectInfo: _needs(INVALID_REQUEST, "project_id"),
    SendMessage: (
        Need(State.INTRODUCED, NO_PROJECT_SELECTED),
        Need(State.IN_PROJECT, NO_PROJECT_SELECTED),
        Need("content", INVALID_REQUEST),
    ),
    Cancel: _needs(ACCESS_DENIED),
    GetVersions: _needs(INVALID_REQUEST, "project_id"),
    GetVersionEdits: _needs(INVALID_REQUEST, "project_id", "version_hash"),
    RestoreVersion: _needs(INVALID_REQUEST, "project_id", "version_id"),
    GetJobStatus: _needs(NOT_AUTHENTICATED, "job_id", missing=JOB_ID_REQUIRED),
    SubscribeJob: _needs(NOT_AUTHENTICATED, "job_id", missing=JOB_ID_REQUIRED),
}


def unmet(message: ClientMessage, session: Session | None, now: float) -> str | None:
    """The error text for the first unmet need; None when the message may be handled.

    An expired token fails every need of a session.
    """
    needs = NEEDS[type(message)]
    for need in needs:
        if not _is_met(need, message, session):
            return need.otherwise
    if needs and session is not None and session.expired(now):
        return TOKEN_EXPIRED
    return None


def goes_unanswered(message: ClientMessage, session: Session | None) -> bool:
    """A `cancel` that names no job where there is no project either (§2.9)."""
    idle = session is None or session.project_id is None
    return isinstance(message, Cancel) and message.job_id is None and idle


def _is_met(need: Need, message: ClientMessage, session: Session | None) -> bool:
    match need.what:
        case State.INTRODUCED:
            return session is not None
        case State.IN_PROJECT:
            return session is not None and session.project_id is not None
        case str(field):
            return getattr(message, field) is not None
