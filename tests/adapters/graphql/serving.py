"""A real server on a real socket, for one test."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from adapters.graphql.application import GraphQLApplication
from adapters.graphql.context import ContextRequest
from adapters.graphql.drain import Drain
from adapters.graphql.execution import build_schema
from adapters.graphql.limits import Limits
from adapters.server.server import Server, configure, listen
from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer
from tests.adapters.graphql.small_schema import (
    Mutation,
    Query,
    SmallContext,
    Subscription,
    Watched,
)

BEARER = {"Authorization": "Bearer alice"}
SSE = {**BEARER, "Accept": "text/event-stream"}
JSON = {**BEARER, "Accept": "application/json"}


@dataclass
class Served:
    """Where the endpoint is, and what is behind it."""

    address: str
    port: int
    watched: Watched
    server: Server
    lifespan: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Of the endpoint, for HTTP."""
        return f"http://{self.address}/graphql"

    def client(self) -> httpx.AsyncClient:
        """An HTTP client without timeouts of its own."""
        return httpx.AsyncClient(timeout=None)

    @asynccontextmanager
    async def socket(self, **options: Any) -> AsyncGenerator["Socket", None]:
        """A WebSocket that has not introduced itself."""
        settings = {"subprotocols": [Subprotocol("graphql-transport-ws")], **options}
        async with connect(f"ws://{self.address}/graphql", **settings) as connection:
            yield Socket(connection)

    @asynccontextmanager
    async def acknowledged(self, token: str = "alice") -> AsyncGenerator["Socket", None]:
        """A WebSocket that may subscribe."""
        async with self.socket() as socket:
            await socket.init({"Authorization": f"Bearer {token}"})
            yield socket


class Socket:
    """graphql-transport-ws in a few words."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: object) -> None:
        """Send JSON, or text as it is."""
        await self.connection.send(message if isinstance(message, str) else json.dumps(message))

    async def receive(self) -> Any:
        """The next message."""
        return json.loads(await self.connection.recv())

    async def init(self, payload: object) -> None:
        """Introduce oneself and be acknowledged."""
        await self.send({"type": "connection_init", "payload": payload})
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, query: str, id: str = "1", **request: object) -> None:
        """Start an operation."""
        await self.send({"type": "subscribe", "id": id, "payload": {"query": query, **request}})

    async def run(self, query: str, id: str = "1", **request: object) -> list[Any]:
        """Start an operation and read its messages up to the last."""
        await self.subscribe(query, id, **request)
        messages = [await self.receive()]
        while messages[-1]["type"] == "next":
            messages.append(await self.receive())
        return messages

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait until the server has closed the socket: its code and reason."""
        await self.connection.wait_closed()
        return self.connection.close_code, self.connection.close_reason


async def authenticate(token: str | None) -> Viewer | None:
    """Everybody is who they say they are, except mallory; silence is anonymous."""
    if token == "mallory":
        raise DreamCoreError(ErrorCode.UNAUTHENTICATED)
    return Viewer(token) if token else None


def prepared(
    limits: Limits | None = None,
    *,
    user_timeout: float = 30.0,
    allowed_origins: tuple[str, ...] = (),
    **options: Any,
) -> tuple[Served, socket.socket]:
    """A server for the small schema that does not run yet, and its socket."""
    drain = Drain()
    watched = Watched()
    lifespan: list[str] = []

    async def context_for(request: ContextRequest) -> SmallContext:
        if request.token == "crash":
            raise LookupError("a bug")
        viewer = await authenticate(request.token)
        return SmallContext(viewer, watched, request.last_event_id)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncGenerator[None, None]:
        yield
        lifespan.append(f"stopped with {watched.opened - watched.closed} generators open")

    graphql = GraphQLApplication(
        build_schema(Query, Mutation, Subscription),
        context_for=context_for,
        drain=drain,
        limits=limits or Limits(),
        allowed_origins=allowed_origins,
    )
    routes = [Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)]
    server = Server(configure(Starlette(routes=routes, lifespan=living), **options), drain)
    listener = listen("127.0.0.1", 0, user_timeout=user_timeout)
    port = listener.getsockname()[1]
    return Served(f"127.0.0.1:{port}", port, watched, server, lifespan), listener


@asynccontextmanager
async def serving(*arguments: Any, **options: Any) -> AsyncGenerator[Served, None]:
    """`prepared`, running; it is shut down at the end, and must be able to."""
    served, listener = prepared(*arguments, **options)
    with listener:
        async with asyncio.TaskGroup() as group:
            group.create_task(served.server.serve(sockets=[listener]))
            await served.server.ready.wait()
            try:
                yield served
            finally:
                served.server.stop()
