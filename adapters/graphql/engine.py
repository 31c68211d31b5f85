"""From a request to encoded results. Transports frame them; nothing here knows a socket."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final, cast

import msgspec
from graphql import (
    ExecutionResult,
    create_source_event_stream,
)
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from adapters.graphql.documents import Documents
from adapters.graphql.errors import (
    VALIDATION_FAILED,
    FormattedError,
    OperationFailed,
    errors_of,
    failure,
    formatted,
    refused,
)
from adapters.graphql.execution import ExecutionContext
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest
from adapters.graphql.projection import prepare
from resolvers.boundary import Boundary
from schema.errors import ErrorCode

_EVENTS_IN_A_ROW: Final = 4  # asyncio complains of five writes to a lost connection
_encode: Final = msgspec.json.Encoder().encode


class Operation:
    """A valid operation with coerced variables, ready to run once."""

    def __init__(self, executor: ExecutionContext) -> None:
        self.executor: Final = executor
        self.kind: Final = executor.operation.operation
        self.name: Final = executor.operation.name.value if executor.operation.name else None


class Engine:
    """Checks and executes operations of one schema."""

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._schema = schema._schema
        prepare(self._schema)
        self._documents = Documents(self._schema, limits)

    def prepare(self, request: GraphQLRequest, context: object) -> Operation:
        """Parse, validate and coerce. Raises `OperationFailed` with the client's mistakes."""
        document = self._documents.load(request.query)
        try:
            executor = ExecutionContext.build(
                self._schema,
                document,
                context_value=context,
                raw_variable_values=request.variables,
                operation_name=request.operation_name,
                is_awaitable=cast("Any", optimized_is_awaitable),
                operation_extensions=request.extensions or {},
            )
        except RecursionError:
            raise failure(ErrorCode.QUERY_TOO_COMPLEX, status=400, well_formed=True) from None
        if isinstance(executor, list):
            raise refused(executor, VALIDATION_FAILED)
        return Operation(cast("ExecutionContext", executor))

    async def execute(self, operation: Operation) -> bytes:
        """The encoded result of a query or mutation."""
        result = operation.executor.execute_operation()
        if optimized_is_awaitable(result):
            result = await cast("Any", result)
        return _encoded(cast("ExecutionResult", result), operation)

    async def stream(self, operation: Operation) -> AsyncGenerator[bytes, None]:
        """The encoded result of every event of a subscription.

        Raises `OperationFailed` when the source stream cannot be had or breaks.
        """
        barrier = Boundary()
        with barrier:
            source = create_source_event_stream(operation.executor)
            if optimized_is_awaitable(source):
                source = await cast("Any", source)
            if isinstance(source, ExecutionResult):
                raise OperationFailed(formatted(source.errors or (), operation.name))
            async with aclosing(cast("AsyncGenerator[Any, None]", source)):
                count = 0
                async for payload in cast("AsyncIterator[Any]", source):
                    result = operation.executor.execute_event(payload)
                    if optimized_is_awaitable(result):
                        result = await cast("Any", result)
                    yield _encoded(cast("ExecutionResult", result), operation)
                    count += 1
                    if count % _EVENTS_IN_A_ROW == 0:
                        # A replay from memory and a send into an empty buffer never wait:
                        # one reader that catches up would hold up everybody.
                        await asyncio.sleep(0)
        if barrier.error is not None:
            raise OperationFailed(errors_of(barrier.error, operation.name), well_formed=True)


def encoded_errors(errors: list[FormattedError]) -> bytes:
    """A result that consists of errors; without a data entry (GraphQL §7.1)."""
    return _encode({"errors": errors})


def _encoded(result: ExecutionResult, operation: Operation) -> bytes:
    response: dict[str, Any] = {"data": result.data}
    if result.errors:
        response["errors"] = formatted(result.errors, operation.name)
    try:
        return _encode(response)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        # A custom scalar without a JSON form, or half a surrogate pair in a text.
        return _encode({"data": None, "errors": errors_of(error, operation.name)})
