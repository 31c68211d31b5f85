"""What can happen during one generation: the events of the log.

Events are facts. They are appended once, numbered densely from 1 and never change; everything
a client sees is a view of them. `schema/stored_events.py` has the closed list of what the log
stores. `Snapshot`, `StreamGap` and `Refused` are made for one reader at delivery.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from schema.errors import ErrorCode
from schema.models import GeneratedImage, SourceEdit, SourceFile, StylePreset


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
    workspace paths the run wrote, in the order of their first write; `tool` is the last one used,
    unless a progress message came after it."""

    text: str = ""
    percent: int = 0
    message: str | None = None
    files: tuple[str, ...] = ()
    tool: str | None = None


@dataclass(frozen=True, slots=True)
class StreamGap:
    """Events `missing_from..missing_to` are no longer kept; reading goes on after `resume_at`."""

    missing_from: int
    missing_to: int
    reason: str
    resume_at: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The single event of a `generate` that was not admitted. `style_options` are the presets to
    choose from, when a style must be chosen first."""

    code: ErrorCode
    message: str
    style_options: tuple[StylePreset, ...] = ()


Synthetic = Snapshot | StreamGap | Refused

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
