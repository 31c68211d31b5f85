"""What the CLI says, one JSON object a line (`--output-format stream-json`). Pure.

Only the fields that matter here are read. A line of an unknown type, of an unexpected shape or that
is no JSON is None: newer versions of the CLI say more, and must not break a run.
"""

from typing import Any, Final

import msgspec


class Block(msgspec.Struct, frozen=True):
    """A content block: `text` of a text block; `id`, `name` and `input` of a tool call;
    `tool_use_id` and `is_error` of what came of one."""

    type: str = ""
    text: str | None = None
    id: str | None = None
    name: str | None = None
    input: dict[str, Any] | None = None
    tool_use_id: str | None = None
    is_error: bool | None = None


class Message(msgspec.Struct, frozen=True):
    """An answer of the model, or the CLI's own (`model` is then `<synthetic>`)."""

    id: str = ""
    model: str | None = None
    content: list[Block] | str = ""

    @property
    def blocks(self) -> list[Block]:
        """The content as blocks."""
        if isinstance(self.content, str):
            return [Block("text", self.content)] if self.content else []
        return self.content


class Delta(msgspec.Struct, frozen=True):
    """A piece of a block; `text` is set for `text_delta`."""

    type: str = ""
    text: str | None = None


class ModelEvent(msgspec.Struct, frozen=True):
    """An event of the Messages API's stream."""

    type: str = ""
    index: int = 0
    message: Message | None = None
    content_block: Block | None = None
    delta: Delta | None = None


class AbandonedBlocks(msgspec.Struct, frozen=True):
    """Blocks of a message, from an index on, that the CLI has dropped."""

    api_message_id: str = ""
    from_block_index: int = 0


class SystemLine(msgspec.Struct, tag="system", frozen=True):
    """The state of the CLI; `attempt` and `error_status` belong to subtype `api_retry`."""

    subtype: str = ""
    status: str | None = None
    cwd: str | None = None
    attempt: int | None = None
    max_retries: int | None = None
    error_status: int | None = None
    parent_tool_use_id: str | None = None


class StreamLine(msgspec.Struct, tag="stream_event", frozen=True):
    """A piece of the model's answer while it is made."""

    event: ModelEvent
    abandoned_blocks: AbandonedBlocks | None = None
    parent_tool_use_id: str | None = None


class AssistantLine(msgspec.Struct, tag="assistant", frozen=True):
    """A complete block of the model's answer, or an API error in the form of one."""

    message: Message
    is_api_error_message: bool | None = None
    error: str | None = None
    api_error: str | None = None
    api_error_status: int | None = None
    api_error_type: str | None = None
    parent_tool_use_id: str | None = None

    @property
    def synthetic(self) -> bool:
        """Whether the CLI wrote it in the model's place."""
        return bool(self.is_api_error_message) or self.message.model == "<synthetic>"


class UserLine(msgspec.Struct, tag="user", frozen=True):
    """What the model is told: above all, what came of its tool calls."""

    message: Message
    parent_tool_use_id: str | None = None


class ResultLine(msgspec.Struct, tag="result", frozen=True):
    """The end of a turn. `subtype` says `success` even for API errors: only `is_error` counts."""

    subtype: str = ""
    is_error: bool | None = None
    terminal_reason: str | None = None
    api_error_status: int | None = None
    api_error_type: str | None = None
    result: str | None = None
    parent_tool_use_id: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the turn failed."""
        return self.subtype != "success" if self.is_error is None else self.is_error


Line = SystemLine | StreamLine | AssistantLine | UserLine | ResultLine

_decoder: Final = msgspec.json.Decoder(Line)


def decode(raw: bytes) -> Line | None:
    """The line, or None when there is nothing in it for us."""
    try:
        line: Line = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return line
