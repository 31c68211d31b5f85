"""GraphQL over HTTP: single results and streams (GraphQL over HTTP, graphql-sse)."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.graphql.connections import Connections
from adapters.graphql.context import (
    ContextFactory,
    ContextRequest,
    OperationContext,
    bearer_token,
)
from adapters.graphql.drain import Drain
from adapters.graphql.engine import Engine, Operation, encoded_errors
from adapters.graphql.errors import OperationFailed, errors_of, failure
from adapters.graphql.framing import EventStream, Framing, MultipartStream
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest
from adapters.graphql.negotiation import (
    KINDS_BY_METHOD,
    STREAMED,
    Answer,
    preferred_answer,
    read_request,
)
from adapters.graphql.streaming import StreamedResponse
from resolvers.boundary import Boundary
from schema.errors import DreamCoreError, ErrorCode

Results = AsyncGenerator[tuple[bytes, str | None], None]

_FRAMINGS: Final[dict[Answer, Callable[[], Framing]]] = {
    Answer.EVENTS: EventStream,
    Answer.MULTIPART: MultipartStream,
}
# What the use cases refuse before anything ran; everything else is an error inside a result.
_STATUS: Final = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.SHUTTING_DOWN: 503,
    ErrorCode.INTERNAL: 500,
}


class HttpEndpoint:
    """Answers GET and POST."""

    def __init__(
        self,
        engine: Engine,
        context_for: ContextFactory,
        limits: Limits,
        connections: Connections,
        drain: Drain,
    ) -> None:
        self._engine = engine
        self._context_for = context_for
        self._limits = limits
        self._connections = connections
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        request = Request(scope, receive)
        answer = Answer.RESPONSE
        barrier = Boundary()
        with barrier:
            answer = preferred_answer(request.headers.get("accept", ""))
            await self._respond(request, answer, send)
        if barrier.error is not None:
            await _refusal(_as_failure(barrier.error), answer)(scope, receive, send)

    async def _respond(self, request: Request, answer: Answer, send: Send) -> None:
        if request.method not in KINDS_BY_METHOD:
            raise failure(ErrorCode.INVALID_INPUT, "Use GET or POST.", status=405)
        context = await self._context(request)
        asked = await read_request(request, self._limits)
        if answer in STREAMED:
            await self._stream(request, asked, context, answer, send)
        else:
            response = await self._single(request, asked, context, answer)
            await response(request.scope, request.receive, send)

    async def _context(self, request: Request) -> OperationContext:
        return await self._context_for(
            ContextRequest(
                token=bearer_token(request.headers.get("authorization")),
                last_event_id=request.headers.get("last-event-id"),
            )
        )

    async def _single(
        self, request: Request, asked: GraphQLRequest, context: OperationContext, answer: Answer
    ) -> Response:
        operation = self._operation(request, asked, context)
        if operation.kind is OperationType.SUBSCRIPTION:
            text = "A subscription needs Accept: text/event-stream, or a WebSocket."
            raise failure(ErrorCode.INVALID_INPUT, text, status=406)
        return _answer(await self._engine.execute(operation), answer, 200)

    async def _stream(
        self,
        request: Request,
        asked: GraphQLRequest,
        context: OperationContext,
        answer: Answer,
        send: Send,
    ) -> None:
        if self._drain.started:
            raise DreamCoreError(ErrorCode.SHUTTING_DOWN)
        try:
            results = self._results(self._operation(request, asked, context), context)
        except OperationFailed as failed:
            if not failed.well_formed:
                raise
            results = _failed(failed)
        with self._connections.held_by(context.viewer):
            response = StreamedResponse(
                _FRAMINGS[answer](),
                receive=request.receive,
                send=send,
                drain=self._drain,
                heartbeat_interval=self._limits.heartbeat_interval,
            )
            await response.deliver(results)

    async def _results(self, operation: Operation, context: OperationContext) -> Results:
        """Every result with its cursor; a failure is the last result."""
        try:
            if operation.kind is not OperationType.SUBSCRIPTION:
                yield await self._engine.execute(operation), None
                return
            async with aclosing(self._engine.stream(operation)) as payloads:
                async for payload in payloads:
                    yield payload, context.delivered_cursor
        except OperationFailed as failed:
            yield encoded_errors(failed.errors), None

    def _operation(
        self, request: Request, asked: GraphQLRequest, context: OperationContext
    ) -> Operation:
        operation = self._engine.prepare(asked, context)
        if operation.kind not in KINDS_BY_METHOD[request.method]:
            text = f"A {operation.kind.value} needs POST."
            raise failure(ErrorCode.INVALID_INPUT, text, status=405)
        return operation


async def _failed(failed: OperationFailed) -> Results:
    yield encoded_errors(failed.errors), None


def _as_failure(error: Exception) -> OperationFailed:
    if isinstance(error, OperationFailed):
        return error
    status = _STATUS.get(error.code, 400) if isinstance(error, DreamCoreError) else 500
    return OperationFailed(errors_of(error), status=status)


def _refusal(refusal: OperationFailed, answer: Answer) -> Response:
    # `application/json` promises nothing about the status: 200 says that the server understood.
    lenient = answer is Answer.JSON and refusal.well_formed
    if answer in STREAMED:
        answer = Answer.RESPONSE
    response = _answer(encoded_errors(refusal.errors), answer, 200 if lenient else refusal.status)
    if refusal.status == 405:
        response.headers["allow"] = "GET, POST"
    if refusal.status == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response


def _answer(body: bytes, answer: Answer, status: int) -> Response:
    return Response(body, status, media_type=f"{answer.value}; charset=utf-8")
