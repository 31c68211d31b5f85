"""Whatever arrives, decoding has an answer; whatever a document says, so does the engine."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.graphql.engine import Engine
from adapters.graphql.errors import OperationFailed
from adapters.graphql.execution import build_schema
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest, Message, decode_message, decode_request
from tests.adapters.graphql.small_schema import (
    Mutation,
    Query,
    SmallContext,
    Subscription,
    Watched,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "payload", "query", "variables"]), inner)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(["connection_init", "subscribe", "complete", "ping", "pong", "start"])
TOKENS = st.sampled_from(
    [
        *[
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ":",
            "!",
            "@",
            "...",
            "$",
            "=",
            "|",
            "&",
            "#",
            "query",
            "mutation",
            "subscription",
            "fragment",
            "on",
        ],
        *[
            "ping",
            "me",
            "echo",
            "text",
            "events",
            "Query",
            "Event",
            "Numbered",
            "A",
            "1",
            "-1",
            "1.5e3",
            "null",
            "true",
            "$a",
        ],
        *('"a"', '"""', "@skip", "@include", "if", "__typename"),
    ]
)


def refusal(call: Callable[..., object], *arguments: object) -> OperationFailed | None:
    """What `call` was refused with; anything else it raises is a bug."""
    try:
        call(*arguments)
    except OperationFailed as failed:
        return failed
    return None


@given(st.text() | st.builds(json.dumps, JSON))
def test_a_frame_is_a_message_or_none(text: str) -> None:
    assert decode_message(text) is None or isinstance(decode_message(text), Message)


@given(kind=KINDS, rest=st.dictionaries(st.sampled_from(["id", "payload"]), JSON))
def test_a_frame_of_the_right_shape_is_a_message_or_none(kind: str, rest: dict[str, Any]) -> None:
    text = json.dumps({"type": kind, **rest})
    assert decode_message(text) is None or isinstance(decode_message(text), Message)


@given(st.binary() | st.builds(lambda value: json.dumps(value).encode(), JSON))
def test_a_body_is_a_request_or_a_refusal(body: bytes) -> None:
    refused = refusal(decode_request, body)
    assert refused is None or refused.status == 400


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Of the small schema."""
    return Engine(build_schema(Query, Mutation, Subscription), Limits())


@settings(max_examples=300, deadline=None)
@given(words=st.lists(TOKENS, max_size=25), variables=st.none() | st.dictionaries(st.text(), JSON))
def test_a_document_is_an_operation_or_a_refusal(
    engine: Engine, words: list[str], variables: dict[str, Any] | None
) -> None:
    request = GraphQLRequest(" ".join(words), variables)
    refused = refusal(engine.prepare, request, SmallContext(None, Watched()))
    assert refused is None or all(error["extensions"]["code"] for error in refused.errors)


@pytest.mark.parametrize("directive", ["@skip(if: true)", "@include(if: false)"])
def test_the_root_field_of_a_subscription_cannot_be_skipped(engine: Engine, directive: str) -> None:
    query = f"subscription {{ events {directive} {{ __typename }} }}"
    with pytest.raises(OperationFailed):
        engine.prepare(GraphQLRequest(query), None)
