"""What can happen during one generation: the events of the log.

Events are facts. They are appended once, numbered densely from 1 and never change; everything
a client sees is a view of them. `KINDS` is the closed list of what the log stores. `Snapshot`,
`StreamGap` and `Refused` are made for one reader at delivery and are never stored.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from schema.errors import ErrorCode


class Mode(StrEnum):
    """What a finished generation did."""

    CREATE = "create"
    EDIT = "edit"
    CHAT = "chat"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Admission succeeded; always seq 1. `joined_existing` is true only for the reader that
    asked to start a run and was given one that its idempotency key had started before."""

    joined_existing: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """The run was handed to execution."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the run stands. `percent` is 0..100 and never falls; None when only the text moved."""

    percent: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Output:
    """Text of the agent's answer, in order.

    `block` counts the agent's text blocks from 1. Deliveries merge adjacent outputs of one block
    only, so a retraction, which starts at a block, never cuts a merged frame.
    """

    text: str
    block: int = 0


@dataclass(frozen=True, slots=True)
class OutputRetracted:
    """Output of seq >= `from_seq` was taken back: the model's stream broke and was retried."""

    from_seq: int


@dataclass(frozen=True, slots=True)
class ToolUse:
    """The agent used a tool. `path` is relative to the workspace, when the tool names one."""

    tool: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A whole text file."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """One replacement inside a file."""

    path: str
    old_string: str
    new_string: str


@dataclass(frozen=True, slots=True)
class CodeProposed:
    """The code a step wrote: whole `files` (mode create) or `edits` of existing ones."""

    mode: Mode
    files: tuple[SourceFile, ...] = ()
    edits: tuple[SourceEdit, ...] = ()
    summary: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in words; no file was touched."""

    message: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestoreProposed:
    """The message reads like a wish to go back; the client asks before anything is restored."""

    message: str
    confirm_label: str
    cancel_label: str


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    """An image made for the game, with the address that serves it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ImagesReady:
    """Images that the run made."""

    images: tuple[GeneratedImage, ...]


@dataclass(frozen=True, slots=True)
class ProjectRenamed:
    """The project got a name from its first game."""

    name: str


@dataclass(frozen=True, slots=True)
class Completed:
    """The generation succeeded. `version` is the full commit hash, None if no file changed."""

    mode: Mode = Mode.EDIT
    message: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The generation failed; `message` is fit for users."""

    code: ErrorCode
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody stopped the generation and everything it had started is gone."""


Event = (
    Accepted
    | Started
    | Progress
    | Output
    | OutputRetracted
    | ToolUse
    | CodeProposed
    | Reply
    | RestoreProposed
    | ImagesReady
    | ProjectRenamed
    | Completed
    | Failed
    | Cancelled
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state up to its seq in one frame. `text` is the surviving output only; `files` are the
    workspace paths the run wrote, in the order of their first write."""

    text: str = ""
    percent: int = 0
    message: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamGap:
    """Events `missing_from..missing_to` are no longer kept; reading goes on after `resume_at`."""

    missing_from: int
    missing_to: int
    reason: str
    resume_at: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The single event of a `generate` that was not admitted."""

    code: ErrorCode
    message: str


Synthetic = Snapshot | StreamGap | Refused

KINDS: Final[dict[str, type[Event]]] = {
    "accepted": Accepted,
    "started": Started,
    "progress": Progress,
    "output": Output,
    "output_retracted": OutputRetracted,
    "tool_use": ToolUse,
    "code_proposed": CodeProposed,
    "reply": Reply,
    "restore_proposed": RestoreProposed,
    "images_ready": ImagesReady,
    "project_renamed": ProjectRenamed,
    "completed": Completed,
    "failed": Failed,
    "cancelled": Cancelled,
}
_KIND_OF: Final = {cls: kind for kind, cls in KINDS.items()}
_DECODERS: Final = {kind: msgspec.json.Decoder(cls) for kind, cls in KINDS.items()}
_encode: Final = msgspec.json.Encoder().encode

TERMINAL: Final = (Completed, Failed, Cancelled)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event at its place in the log of one generation.

    `from_seq..seq` is the range it stands for: equal for a stored event, wider for merged output.
    """

    generation_id: str
    seq: int
    at: datetime
    event: Event | Synthetic
    from_seq: int


def is_terminal(event: object) -> bool:
    """Whether `event` ends its generation."""
    return isinstance(event, TERMINAL)


def encode(event: Event) -> tuple[str, str]:
    """The stored form of an event: its kind and its fields as JSON text."""
    return _KIND_OF[type(event)], _encode(event).decode()


def decode(kind: str, payload: str | bytes) -> Event:
    """The inverse of `encode`. Raises KeyError or msgspec.DecodeError: the log is ours."""
    return _DECODERS[kind].decode(payload)
