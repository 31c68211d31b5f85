"""Messages API answers as bytes: whole messages and Server-Sent Events. No I/O."""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.model_stub.script import Block, HttpError, Text

GARBAGE: Final = b'event: content_block_delta\ndata: {"type": "content_block_del\n\n'
_numbers = itertools.count(1)


def frame(name: str, **fields: Any) -> bytes:
    """One event of the stream."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()


def error(failure: HttpError) -> bytes:
    """The body of an error answer."""
    detail = {"type": failure.type, "message": failure.message}
    return json.dumps({"type": "error", "error": detail}).encode()


def contents(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks as the API writes them."""
    return [
        {"type": "text", "text": block.text}
        if isinstance(block, Text)
        else {
            "type": "tool_use",
            "id": f"toolu_stub_{next(_numbers):06d}",
            "name": block.name,
            "input": block.input,
        }
        for block in blocks
    ]


def stop_reason(blocks: Sequence[Block]) -> str:
    """Why the model stopped: it waits for a tool, or its turn is over."""
    return "end_turn" if all(isinstance(block, Text) for block in blocks) else "tool_use"


def envelope(model: str, **fields: Any) -> dict[str, Any]:
    """A message without content, and whatever `fields` say."""
    return {
        "id": f"msg_stub_{next(_numbers):06d}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 100, "output_tokens": 20},
        **fields,
    }


def whole(model: str, blocks: Sequence[Block]) -> bytes:
    """The answer to a request that does not stream."""
    fields = {"content": contents(blocks), "stop_reason": stop_reason(blocks)}
    return json.dumps(envelope(model, **fields)).encode()


def opening(model: str) -> bytes:
    """The first event of every stream."""
    return frame("message_start", message=envelope(model))


def closing(blocks: Sequence[Block]) -> bytes:
    """The last two events of a good stream."""
    delta = {"stop_reason": stop_reason(blocks), "stop_sequence": None}
    end = frame("message_delta", delta=delta, usage={"output_tokens": 20})
    return end + frame("message_stop")


def body(blocks: Sequence[Block]) -> Iterator[bytes]:
    """The events of complete blocks, one piece at a time."""
    for index, (block, content) in enumerate(zip(blocks, contents(blocks), strict=True)):
        if isinstance(block, Text):
            empty, source = {**content, "text": ""}, block.text
            kind, key = "text_delta", "text"
        else:
            empty, source = {**content, "input": {}}, json.dumps(block.input)
            kind, key = "input_json_delta", "partial_json"
        yield frame("content_block_start", index=index, content_block=empty)
        for start in range(0, len(source), block.piece):
            delta = {"type": kind, key: source[start : start + block.piece]}
            yield frame("content_block_delta", index=index, delta=delta)
        yield frame("content_block_stop", index=index)


def fragment(index: int, text: str) -> bytes:
    """A text block that is begun and not ended."""
    block = {"type": "text", "text": ""}
    delta = {"type": "text_delta", "text": text}
    start = frame("content_block_start", index=index, content_block=block)
    return start + frame("content_block_delta", index=index, delta=delta)
