"""What handling a message leads to, for the socket to carry out."""

from dataclasses import dataclass

from adapters.legacy import frames
from adapters.legacy.close_codes import Close
from adapters.legacy.frames import Frame
from adapters.legacy.joining import Joined
from adapters.legacy.session import Session
from adapters.legacy.texts import (
    ACCESS_DENIED,
    INVALID_MESSAGE_FORMAT,
    INVALID_REQUEST,
    SYSTEM_LIMIT,
    USER_LIMIT,
)
from schema.errors import ERRORS, DreamCoreError, ErrorCode


@dataclass(frozen=True, slots=True)
class Answer:
    """A frame, and what happens with it as one step.

    `session` begins anew; `project_id` becomes the current project; `leaves` ends the present
    subscription, which `joined` replaces; `settles` names a job whose frames must all be out
    before this one; `close` ends the socket afterwards.
    """

    frame: Frame
    session: Session | None = None
    project_id: str | None = None
    leaves: bool = False
    joined: Joined | None = None
    settles: str | None = None
    close: Close | None = None


_TEXTS = {
    ErrorCode.PROJECT_NOT_FOUND: ACCESS_DENIED,
    ErrorCode.GENERATION_NOT_FOUND: ACCESS_DENIED,
    ErrorCode.INVALID_INPUT: INVALID_REQUEST,
    ErrorCode.INVALID_MESSAGE: INVALID_REQUEST,
    ErrorCode.INTERNAL: INVALID_MESSAGE_FORMAT,
}
# Any other code keeps our own words (§2.8, step 6).
_CODED = {
    ErrorCode.USER_LIMIT_REACHED: ("USER_LIMIT_EXCEEDED", USER_LIMIT),
    ErrorCode.SYSTEM_LIMIT_REACHED: ("SYSTEM_LIMIT_EXCEEDED", SYSTEM_LIMIT),
    ErrorCode.RATE_LIMITED: ("RATE_LIMITED", ERRORS[ErrorCode.RATE_LIMITED].message),
}


def refused(error: DreamCoreError) -> Frame:
    """The frame for an expected failure (§2, §2.8)."""
    if error.code in _TEXTS:
        return frames.error(_TEXTS[error.code])
    code, text = _CODED.get(error.code, ("OPERATION_FAILED", error.message))
    return frames.error(text, code)
