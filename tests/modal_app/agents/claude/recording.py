"""Lines of the CLI made by hand, in the place of a recording."""

import json
from typing import Any, Final

from modal_app.agents.claude.lines import decode
from modal_app.agents.claude.normaliser import Normaliser
from modal_app.ports import AgentEvent

DONE: Final = {"type": "result", "subtype": "success", "is_error": False, "result": "ok"}


def events_of(*lines: Any) -> list[AgentEvent]:
    normaliser = Normaliser("/workspace")
    decoded = [decode(json.dumps(line).encode()) for line in lines]
    return [event for line in decoded if line for event in normaliser.feed(line)]


def start(message: str) -> dict[str, Any]:
    return {
        "type": "stream_event",
        "event": {"type": "message_start", "message": {"id": message, "content": []}},
    }


def opened(index: int) -> dict[str, Any]:
    block = {"type": "text", "text": ""}
    event = {"type": "content_block_start", "index": index, "content_block": block}
    return {"type": "stream_event", "event": event}


def piece(text: str, index: int = 0) -> dict[str, Any]:
    delta = {"type": "text_delta", "text": text}
    event = {"type": "content_block_delta", "index": index, "delta": delta}
    return {"type": "stream_event", "event": event}


def said(message: str, text: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": text}]
    return {"type": "assistant", "message": {"id": message, "content": content}, **more}


def calls(tool: str, call_id: str | None = "call", /, **arguments: Any) -> dict[str, Any]:
    content = [{"type": "tool_use", "id": call_id, "name": tool, "input": arguments}]
    return {"type": "assistant", "message": {"id": "m", "content": content}}


def came_of(call_id: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "tool_result", "tool_use_id": call_id, "content": "so", **more}]
    return {"type": "user", "message": {"role": "user", "content": content}}


def failed(**more: Any) -> dict[str, Any]:
    return {"type": "result", "subtype": "success", "is_error": True, **more}


def synthetic(**more: Any) -> dict[str, Any]:
    return {**said("s", "API Error"), "is_api_error_message": True, **more}
