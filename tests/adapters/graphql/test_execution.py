"""Execution without a server: what it keeps per event, and that its fast path changes nothing."""

import gc
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec
import pytest
import strawberry
from strawberry import Schema

from adapters.graphql.engine import Engine
from adapters.graphql.execution import ExecutionContext, build_schema
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest
from schema.errors import DreamCoreError, ErrorCode
from tests.adapters.graphql.small_schema import (
    Mutation,
    Query,
    SmallContext,
    Subscription,
    Watched,
)

DOCUMENT = """
subscription Events($count: Int!, $detail: Boolean = true) {
  events(count: $count) {
    kind: __typename
    ... on Numbered { seq cursor @include(if: $detail) }
    ...on Text { text }
    ... on Tool { name note }
    ... on End { reason later items { name } }
  }
}
"""


def context() -> SmallContext:
    """Of one operation."""
    return SmallContext(None, Watched())


def engine(count: int) -> AsyncGenerator[bytes, None]:
    """The document through the endpoint's engine."""
    engine = Engine(build_schema(Query, Mutation, Subscription), Limits())
    request = GraphQLRequest(DOCUMENT, {"count": count})
    return engine.stream(engine.prepare(request, context()))


async def strawberry_with(
    count: int, executor: type[Any] | None
) -> AsyncGenerator[dict[str, Any], None]:
    """The document through Strawberry's own `subscribe`."""
    schema = Schema(Query, Mutation, Subscription, execution_context_class=executor)
    variables = {"count": count}
    results = await schema.subscribe(DOCUMENT, variables, context_value=context())
    async with aclosing(results):
        async for result in results:
            assert not result.errors
            yield {"data": result.data}


def strawberry_with_our_executor(count: int) -> AsyncGenerator[dict[str, Any], None]:
    """Strawberry's pipeline, for whoever uses the schema without the endpoint."""
    return strawberry_with(count, ExecutionContext)


@pytest.mark.parametrize("stream", [engine, strawberry_with_our_executor])
async def test_a_subscription_keeps_nothing_per_event(stream: Any) -> None:
    events = 20_000
    async with aclosing(stream(events)) as results:
        for _ in range(100):
            await anext(results)
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(events - 200):
            await anext(results)
        gc.collect()
        assert (len(gc.get_objects()) - before) / events < 0.1


async def test_the_fast_path_gives_what_graphql_core_gives() -> None:
    count = 12
    async with aclosing(engine(count)) as results:
        fast = [msgspec.json.decode(payload) async for payload in results]
    async with aclosing(strawberry_with(count, None)) as results:
        assert fast == [result async for result in results]
    assert fast[-1]["data"]["events"] == {
        "kind": "End",
        "seq": count,
        "cursor": f"c{count}",
        "reason": "stop",
        "later": f"after {count}",
        "items": [{"name": "a"}],
    }


@pytest.mark.parametrize("nullable", [True, False])
async def test_an_error_in_an_event_nulls_what_graphql_says(nullable: bool) -> None:
    @strawberry.type
    class Part:
        @strawberry.field
        async def fine(self) -> str:
            return "fine"

        @strawberry.field
        async def broken(self) -> str:
            raise DreamCoreError(ErrorCode.PROJECT_BUSY)

    @strawberry.type
    class Parts:
        @strawberry.subscription
        async def part(self) -> AsyncGenerator[Part | None, None]:
            yield Part()
            yield None

        @strawberry.subscription
        async def sure(self) -> AsyncGenerator[Part, None]:
            yield Part()
            yield None  # type: ignore[misc] # a mistake of the resolver

    engine = Engine(build_schema(Query, subscription=Parts), Limits())
    field = "part" if nullable else "sure"
    request = GraphQLRequest(f"subscription {{ it: {field} {{ fine broken }} }}")
    async with aclosing(engine.stream(engine.prepare(request, None))) as results:
        first, second = [msgspec.json.decode(payload) async for payload in results]
    assert first["data"] == ({"it": None} if nullable else None)
    (error,) = first["errors"]
    assert error["path"] == ["it", "broken"]
    assert error["extensions"]["code"] == "PROJECT_BUSY"
    if nullable:
        assert second == {"data": {"it": None}}
    else:
        assert second["data"] is None
        assert second["errors"][0]["extensions"]["code"] == "INTERNAL"
