"""What the stub says: one step for each request of the agent.

    Reply(Text("I will write it."), ToolUse("Write", {"file_path": "index.html", …}))
    HttpError(429, "rate_limit_error")
    Broken("garbage", text="half an ans", whole=(Text("A whole block."),))

The same steps as JSON (`from_json`) are for a stub in a process of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tests.model_stub.record import ModelRequest


@dataclass(frozen=True, slots=True)
class Text:
    """A text block, sent in pieces of `piece` characters."""

    text: str
    piece: int = 12


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of one of the agent's tools; a relative `file_path` is one in the workspace."""

    name: str
    input: dict[str, Any]
    piece: int = 16_384


Block = Text | ToolUse


@dataclass(frozen=True, slots=True, init=False)
class Reply:
    """A good answer. With `gate` it stops after its first piece until that gate is released; one
    that does not stream, before all of it."""

    blocks: tuple[Block, ...]
    gate: str | None

    def __init__(self, *blocks: Block, gate: str | None = None) -> None:
        object.__setattr__(self, "blocks", blocks)
        object.__setattr__(self, "gate", gate)


@dataclass(frozen=True, slots=True)
class HttpError:
    """An error answer. By default the agent may retry it."""

    status: int
    type: str = "api_error"
    message: str = "scripted failure"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Html:
    """A page where JSON is due, as a captive gateway gives."""

    status: int = 200


How = Literal["eof", "disconnect", "garbage", "error_event", "silence", "headerless"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A stream that sends the blocks `whole`, then `text` of another block, and goes wrong.

    `eof` ends without message_stop, `disconnect` cuts the connection, `garbage` is no JSON,
    `error_event` is the API's own, `silence` never ends, `headerless` never even begins. With
    `gate` a stream goes wrong only when that gate is released.
    """

    how: How
    text: str = "half an ans"
    whole: tuple[Block, ...] = ()
    gate: str | None = None


Step = Reply | HttpError | Html | Broken
Responder = Callable[[ModelRequest], Step]


def writing(files: Mapping[str, str], *, saying: str, closing: str) -> Responder:
    """A model without memory: says `saying` and writes `files`; once they are written, `closing`.

    It serves any number of runs at once.
    """

    def respond(request: ModelRequest) -> Step:
        if request.tool_results:
            return Reply(Text(closing))
        calls = [
            ToolUse("Write", {"file_path": path, "content": text}) for path, text in files.items()
        ]
        return Reply(Text(saying), *calls)

    return respond


def _block(value: dict[str, Any]) -> Block:
    return msgspec.convert(value, ToolUse) if "name" in value else msgspec.convert(value, Text)


def from_json(value: dict[str, Any]) -> Step:
    """A step from `{"blocks": […], "gate": …}`, `{"status": …}`, `{"html": 200}` or
    `{"how": …, "text": …, "whole": […], "gate": …}`."""
    if "blocks" in value:
        return Reply(*map(_block, value["blocks"]), gate=value.get("gate"))
    if "how" in value:
        whole = tuple(map(_block, value.get("whole", ())))
        return Broken(value["how"], value.get("text", "half an ans"), whole, value.get("gate"))
    if "html" in value:
        return Html(value["html"])
    return msgspec.convert(value, HttpError)
