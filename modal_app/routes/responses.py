"""The forms of answers: JSON errors with one status table, and Server-Sent Events."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final

import anyio
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from modal_app.routes.departure import until_disconnect
from modal_app.workspace.errors import CommitMissing, FileMissing
from schema.errors import DreamCoreError, ErrorCode

STATUSES: Final[Mapping[ErrorCode, int]] = {
    ErrorCode.INVALID_INPUT: 400,
    ErrorCode.INVALID_MESSAGE: 400,
    ErrorCode.RUN_NOT_FOUND: 404,
    ErrorCode.PROJECT_NOT_FOUND: 404,
    ErrorCode.PROJECT_BUSY: 409,
    ErrorCode.IDEMPOTENCY_CONFLICT: 409,
    ErrorCode.PAYLOAD_TOO_LARGE: 413,
    ErrorCode.EXECUTION_UNAVAILABLE: 503,
}

# The contract gives these in English; everything else says what the closed table says.
_TEXTS: Final[Mapping[ErrorCode, str]] = {
    ErrorCode.PROJECT_BUSY: "Project is busy",
    ErrorCode.RUN_NOT_FOUND: "Run not found",
}

SSE_HEADERS: Final = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "connection": "keep-alive",
    "x-accel-buffering": "no",
}


class Json(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return msgspec.json.encode(content)


def problem(status: int, error: str, code: str | None = None) -> Json:
    """`{"error": …}`, with a `code` where the caller may want to switch on it."""
    return Json({"error": error} | ({"code": code} if code else {}), status)


def failed(error: DreamCoreError) -> Json:
    """The answer to a request that failed with `error`."""
    text = error.detail or _TEXTS.get(error.code) or error.message
    if isinstance(error, FileMissing | CommitMissing):
        return problem(404, text)
    # The older contract knows no code here, and its bodies are compared literally.
    code = None if error.code is ErrorCode.INVALID_INPUT else error.code
    return problem(STATUSES.get(error.code, 500), text, code)


class ByteStream(Response):
    """A body from an async generator, which is closed when it ends and when the client goes."""

    def __init__(self, chunks: AsyncGenerator[bytes, None], headers: Mapping[str, str]) -> None:
        super().__init__(headers={"content-length": "", **headers})
        if not self.headers["content-length"]:
            del self.headers["content-length"]
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        async with aclosing(self._chunks), anyio.create_task_group() as tasks:
            tasks.start_soon(until_disconnect, receive, tasks.cancel_scope.cancel)
            await send(start)
            async for chunk in self._chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            tasks.cancel_scope.cancel()


def frame(event: Mapping[str, object]) -> bytes:
    """One event without a position, as `data: {json}`."""
    return b"data: " + msgspec.json.encode(event) + b"\n\n"
