"""Answers that reach a client which still sends.

A connection that is closed while bytes of its request are unread is reset, and the answer with
it; and browsers read no answer before they have sent everything.
"""

from typing import Final

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DROPPED_BYTES: Final = 32 * 2**20
DROPPED_SECONDS: Final = 5.0


class AnswersAfterBodies:
    """An ASGI application around `app`, which need not read bodies to their end.

    What is left of one is dropped before the answer goes. When that is more than `DROPPED_BYTES`,
    or takes too long, the connection ends with the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one WebSocket."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        body = _Body(scope, receive)

        async def send_after_body(message: Message) -> None:
            if message["type"] == "http.response.start" and not await body.dropped():
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, body.receive, send_after_body)


class _Body:
    """Watches for the end of a body."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._headers: Final = Headers(scope=scope)
        self._receive: Final = receive
        self._begun = False
        self._ended = False

    async def receive(self) -> Message:
        """The next message of the request."""
        self._begun = True
        message = await self._receive()
        self._ended = self._ended or not message.get("more_body", False)
        return message

    async def dropped(self) -> bool:
        """Whether nothing of the body is left to be read."""
        if not self._begun and "expect" in self._headers:
            return False  # the client waits with the body until it is asked for
        announced = int(self._headers.get("content-length", 0))
        left = DROPPED_BYTES if announced <= DROPPED_BYTES else 0
        with anyio.move_on_after(DROPPED_SECONDS):
            while not self._ended and left > 0:
                left -= len((await self.receive()).get("body", b""))
        return self._ended


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
