"""The GraphQL endpoint: HTTP, event streams and WebSockets on one path."""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from strawberry import Schema
from strawberry.http.websocket_origin import (
    is_same_origin,
    normalize_allowed_origins,
    normalize_origin,
)

from adapters.graphql.close_codes import Close
from adapters.graphql.connections import Connections
from adapters.graphql.context import ContextFactory
from adapters.graphql.drain import Drain
from adapters.graphql.engine import Engine
from adapters.graphql.http_endpoint import HttpEndpoint
from adapters.graphql.limits import Limits
from adapters.graphql.websocket_connection import WebSocketConnection

SUBPROTOCOL: Final = "graphql-transport-ws"


class GraphQLApplication:
    """An ASGI application; mount it for HTTP and for WebSockets.

    `context_for` makes `info.context`, once per operation. `drain` begins when the server begins
    to shut down: open streams end, so that their clients resume elsewhere. `allowed_origins` are
    the origins besides our own whose pages may open a WebSocket; "*" allows every one.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        context_for: ContextFactory,
        drain: Drain,
        limits: Limits | None = None,
        allowed_origins: Iterable[str] = (),
    ) -> None:
        self._limits = limits or Limits()
        self._engine = Engine(schema, self._limits)
        self._context_for = context_for
        self._drain = drain
        self._allowed_origins = normalize_allowed_origins(allowed_origins)
        self._connections = Connections(self._limits.connections_per_user)
        self._http = HttpEndpoint(self._engine, context_for, self._limits, self._connections, drain)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request or one WebSocket."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        headers = Headers(scope=scope)
        if not self._origin_allowed(headers):
            # Before the handshake is accepted this is an HTTP 403.
            await send({"type": "websocket.close", "code": 1008})
            return
        if SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            close = Close.SUBPROTOCOL
            await send({"type": "websocket.close", "code": close.code, "reason": close.reason})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        connection = WebSocketConnection(
            self._engine,
            self._context_for,
            self._limits,
            self._connections,
            self._drain,
            receive=receive,
            send=send,
            authorization=headers.get("authorization"),
        )
        await connection.serve()

    def _origin_allowed(self, headers: Headers) -> bool:
        """Pages of other origins must not use a browser's socket unasked; programs send none."""
        origin = headers.get("origin")
        return (
            origin is None
            or "*" in self._allowed_origins
            or is_same_origin(origin, headers.get("host"))
            or normalize_origin(origin) in self._allowed_origins
        )
