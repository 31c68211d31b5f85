"""One WebSocket that speaks graphql-transport-ws (enisdenjo/graphql-ws, PROTOCOL.md)."""

import asyncio
from contextlib import ExitStack, aclosing, suppress
from typing import Any, Final

import msgspec
from graphql import OperationType
from starlette.types import Receive, Send

from adapters.graphql.close_codes import Close
from adapters.graphql.connections import Connections
from adapters.graphql.context import ContextFactory, ContextRequest, bearer_token, token_of
from adapters.graphql.drain import Drain
from adapters.graphql.engine import Engine
from adapters.graphql.errors import FormattedError, errors_of, failure
from adapters.graphql.lifetime import Lifetime
from adapters.graphql.limits import Limits
from adapters.graphql.messages import (
    Complete,
    ConnectionInit,
    GraphQLRequest,
    Message,
    Ping,
    Subscribe,
    decode_message,
)
from adapters.graphql.rate import Rate
from resolvers.boundary import Boundary
from schema.errors import ErrorCode

_encode: Final = msgspec.json.Encoder().encode
_GOODBYE_SECONDS: Final = 1.0  # a peer that reads nothing does not get it
_REFUSALS: Final = {
    ErrorCode.INTERNAL.value: Close.INTERNAL_ERROR,
    ErrorCode.RATE_LIMITED.value: Close.TOO_MANY_CONNECTIONS,
}


class WebSocketConnection:
    """Receives messages in one task; every operation is a task of its own.

    `serve` returns when the client left, broke the protocol, or the server drains. By then every
    operation has ended and its generators are closed.
    """

    def __init__(
        self,
        engine: Engine,
        context_for: ContextFactory,
        limits: Limits,
        connections: Connections,
        drain: Drain,
        *,
        receive: Receive,
        send: Send,
        authorization: str | None,
    ) -> None:
        self._engine = engine
        self._context_for = context_for
        self._limits = limits
        self._connections = connections
        self._drain = drain
        self._receive = receive
        self._send = send
        self._token = bearer_token(authorization)
        self._rate = Rate(limits.messages_per_second, limits.message_burst)
        self._lifetime = Lifetime()
        self._held = ExitStack()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._introduced = False
        self._acknowledged = False
        self._gone = False
        self._close_with: Close | None = None

    async def serve(self) -> None:
        """Speak the protocol on a socket that was accepted."""
        with self._held:
            async with asyncio.TaskGroup() as group:
                upkeep = group.create_task(self._upkeep())
                async with self._lifetime:
                    with suppress(OSError):
                        await self._converse(group)
                for task in (upkeep, *self._operations.values()):
                    task.cancel()
            await self._say_goodbye()

    async def _converse(self, group: asyncio.TaskGroup) -> None:
        while (event := await self._receive())["type"] == "websocket.receive":
            if not self._rate.allows():
                return self._close(Close.TOO_MANY_MESSAGES)
            text = event.get("text")
            message = None if text is None else decode_message(text)
            if message is None:
                return self._close(Close.INVALID_MESSAGE)
            await self._handle(message, group)
        return None

    async def _handle(self, message: Message, group: asyncio.TaskGroup) -> None:
        if isinstance(message, Subscribe):
            await self._subscribe(message, group)
        elif isinstance(message, Complete):
            task = self._operations.pop(message.id, None)
            if task is not None:
                task.cancel()
        elif isinstance(message, ConnectionInit):
            await self._introduce(message.payload or {})
        elif isinstance(message, Ping):
            await self._message(b'{"type":"pong"}')

    async def _introduce(self, payload: dict[str, Any]) -> None:
        if self._introduced:
            return self._close(Close.SECOND_INIT)
        self._introduced = True
        self._token = token_of(payload) or self._token
        barrier = Boundary()
        with barrier:
            context = await self._context_for(ContextRequest(self._token))
            self._held.enter_context(self._connections.held_by(context.viewer))
        if barrier.error is not None:
            return self._close(_refusal(barrier.error))
        self._acknowledged = True
        return await self._message(b'{"type":"connection_ack"}')

    async def _subscribe(self, message: Subscribe, group: asyncio.TaskGroup) -> None:
        if not self._acknowledged:
            return self._close(Close.UNAUTHORIZED)
        if message.id in self._operations:
            return self._close(Close.DUPLICATE_ID)
        if len(self._operations) >= self._limits.operations_per_connection:
            refusal = failure(ErrorCode.RATE_LIMITED, "Subscription limit reached.", status=429)
            return await self._errors(_encode(message.id), refusal.errors)
        task = group.create_task(self._run(message.id, message.payload))
        self._operations[message.id] = task
        return None

    async def _run(self, operation_id: str, request: GraphQLRequest) -> None:
        encoded_id = _encode(operation_id)
        task = asyncio.current_task()
        barrier = Boundary()
        with barrier:
            await self._execute(request, b'{"id":%b,"type":"next","payload":' % encoded_id)
        # Before the last message: the client may use the id again as soon as it reads it.
        if self._operations.get(operation_id) is task:
            del self._operations[operation_id]
        # A socket that went away ends everything through `serve`.
        with suppress(OSError):
            if self._gone:
                return
            if barrier.error is None:
                await self._message(b'{"id":%b,"type":"complete"}' % encoded_id)
            else:
                await self._errors(encoded_id, errors_of(barrier.error))

    async def _execute(self, request: GraphQLRequest, head: bytes) -> None:
        context = await self._context_for(ContextRequest(self._token))
        operation = self._engine.prepare(request, context)
        if operation.kind is not OperationType.SUBSCRIPTION:
            await self._message(b"%b%b}" % (head, await self._engine.execute(operation)))
            return
        async with aclosing(self._engine.stream(operation)) as payloads:
            async for payload in payloads:
                await self._message(b"%b%b}" % (head, payload))

    async def _upkeep(self) -> None:
        """Ping, and end the connection when it stays silent at first or the server drains."""
        interval = self._limits.connection_init_timeout
        with suppress(OSError):
            while True:
                try:
                    async with asyncio.timeout(interval):
                        await self._drain.wait()
                except TimeoutError:
                    if not self._introduced:
                        return self._close(Close.INIT_TIMEOUT)
                    if self._acknowledged:
                        await self._message(b'{"type":"ping"}')
                    interval = self._limits.ping_interval
                else:
                    return self._close(Close.SERVICE_RESTART)

    async def _errors(self, encoded_id: bytes, errors: list[FormattedError]) -> None:
        await self._message(
            b'{"id":%b,"type":"error","payload":%b}' % (encoded_id, _encode(errors))
        )

    async def _message(self, text: bytes) -> None:
        try:
            await self._send({"type": "websocket.send", "text": text.decode()})
        except OSError:
            self._gone = True
            raise

    def _close(self, close: Close) -> None:
        """End the connection; the close frame is the last thing sent, after every operation."""
        self._close_with = self._close_with or close
        self._lifetime.end()

    async def _say_goodbye(self) -> None:
        if self._close_with is None:
            return  # the client left first
        close = {"code": self._close_with.code, "reason": self._close_with.reason}
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._send({"type": "websocket.close", **close})


def _refusal(error: Exception) -> Close:
    code = errors_of(error)[0]["extensions"]["code"]
    return _REFUSALS.get(code, Close.FORBIDDEN)
