"""Sending contents: from memory, from an open file, and JSON as the legacy server did."""

from collections.abc import Mapping
from hashlib import sha256
from typing import BinaryIO, Final

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.pages.content import Answer, Content, answer

_CHUNK_BYTES: Final = 256 * 2**10
# Starlette would add its own charset to a media type; ours comes with the headers.
_JSON: Final = "application/json; charset=utf-8"


def send_bytes(request: Request, data: bytes, content: Content) -> Response:
    """The part of `data` that the request gets."""
    answered = answer(request.method, request.headers, content)
    return Response(data[answered.start : answered.stop], answered.status, answered.headers)


def send_json(
    request: Request,
    value: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Compact JSON with a weak validator; a conditional request may get 304."""
    data = msgspec.json.encode(value)
    etag = f'W/"{len(data):x}-{sha256(data).hexdigest()[:27]}"'
    all_headers = {"content-type": _JSON, "etag": etag, **(headers or {})}
    if status == 200 and request.method in ("GET", "HEAD"):
        answered = answer(request.method, request.headers, Content(len(data), _JSON, etag))
        if answered.status == 304:
            del all_headers["content-type"]
            return Response(None, 304, all_headers)
    return Response(data, status, all_headers)


def send_text(text: str, status: int) -> Response:
    """A short text, which the legacy server called HTML."""
    return Response(text, status, media_type="text/html")


class FileResponse(Response):
    """The part of an open file that the request gets; closes the file."""

    def __init__(self, file: BinaryIO, answered: Answer) -> None:
        super().__init__(None, answered.status, answered.headers)
        self._file: Final = file
        self._answer: Final = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in pieces, reading each off the loop."""
        with self._file as file:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            left = self._answer.stop - self._answer.start
            if scope["method"] != "HEAD" and left:
                file.seek(self._answer.start)
                while data := await to_thread.run_sync(file.read, min(left, _CHUNK_BYTES)):
                    left -= len(data)
                    body = {"type": "http.response.body", "body": data, "more_body": True}
                    await send(body)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
