"""The stored form of an event: its kind and its fields as JSON."""

from typing import Final

import msgspec

from schema.events import (
    Accepted,
    Cancelled,
    CodeProposed,
    Completed,
    Event,
    Failed,
    ImagesReady,
    Output,
    OutputRetracted,
    Progress,
    ProjectRenamed,
    Reply,
    RestoreProposed,
    Started,
    ToolUse,
)

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


def encode(event: Event) -> tuple[str, str]:
    """The stored form of an event: its kind and its fields as JSON text."""
    return _KIND_OF[type(event)], _encode(event).decode()


def decode(kind: str, payload: str | bytes) -> Event:
    """The inverse of `encode`. Raises KeyError or msgspec.DecodeError: the log is ours."""
    return _DECODERS[kind].decode(payload)
