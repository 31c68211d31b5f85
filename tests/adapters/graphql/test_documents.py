"""Bounds on documents: refused quickly, whatever they hide."""

import time
from typing import Any

import pytest
from graphql import get_introspection_query

from adapters.graphql.documents import Documents
from adapters.graphql.engine import Engine
from adapters.graphql.errors import OperationFailed
from adapters.graphql.execution import build_schema
from adapters.graphql.limits import Limits
from adapters.graphql.messages import GraphQLRequest
from tests.adapters.graphql.small_schema import Mutation, Query, Subscription


def _doubling(count: int, *, used: bool) -> str:
    fragments = [
        f"fragment F{n} on Query {{ me {{ ...F{n + 1} }} again: me {{ ...F{n + 1} }} }}"
        for n in range(count)
    ]
    operation = "{ ...F0 }" if used else "{ ping }"
    return " ".join([operation, *fragments, f"fragment F{count} on Query {{ ping }}"])


HOSTILE = {
    "twenty doubling fragments": _doubling(20, used=True).replace("again: ", ""),
    "unused doubling fragments": _doubling(20, used=False).replace("again: ", ""),
    "spreads side by side": "{ ...A } "
    + " ".join(f"fragment {a} on Query {{ {f'...{b} ' * 40} }}" for a, b in ("AB", "BC", "CD"))
    + " fragment D on Query { ping }",
    "deep": "{ me " * 40 + "{ ping }" + "}" * 40,
    "very deep": "{ me " * 900 + "{ ping }" + "}" * 900,
    "deep values": "{ echo(text: " + "[" * 990 + "]" * 990 + ") }",
    "many aliases": "{ " + " ".join(f"a{n}: ping" for n in range(100)) + " }",
    "long": "{ ping } #" + "x" * 30_000,
    "many tokens": "{ " + "ping " * 3_000 + "}",
    "many comments": "{ ping }" + "\n#" * 3_000,
    "many fields": "{ " + "ping " * 1_500 + "}",
    "many fragments": "{ ping } "
    + " ".join(f"fragment F{n} on Query {{ ping }}" for n in range(100)),
    "introspection in circles": "{ __schema { types { fields { type { fields { type { fields {"
    " type { fields { name } } } } } } } } } }",
}


def _failure(text: str) -> dict[str, Any]:
    documents = Documents(build_schema(Query, Mutation, Subscription)._schema, Limits())
    with pytest.raises(OperationFailed) as caught:
        documents.load(text)
    error: dict[str, Any] = caught.value.errors[0]
    return error


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_refused_without_burning_cpu(text: str) -> None:
    started = time.process_time()
    error = _failure(text)
    assert time.process_time() - started < 0.5
    assert error["extensions"]["code"] in {
        "QUERY_TOO_COMPLEX",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
    }
    assert len(error["message"]) <= 500


@pytest.mark.parametrize(
    "text",
    [
        "{ " + "ping " * 400 + "}",
        "{ ...A ...A } fragment A on Query { " + "me { ping } " * 200 + "}",
        "{ " + " ".join("me { ping }" for _ in range(240)) + " }",
    ],
)
def test_the_largest_documents_allowed_are_validated_in_time(text: str) -> None:
    documents = Documents(build_schema(Query, Mutation, Subscription)._schema, Limits())
    started = time.process_time()
    documents.load(text)
    assert time.process_time() - started < 1.0


def test_introspection_fits() -> None:
    schema = build_schema(Query, Mutation, Subscription)._schema
    Documents(schema, Limits()).load(get_introspection_query(input_value_deprecation=True))


def test_a_fragment_cycle_is_named() -> None:
    text = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    assert "Cannot spread fragment" in _failure(text)["message"]


def test_valid_documents_are_remembered_and_the_oldest_forgotten() -> None:
    schema = build_schema(Query, Mutation, Subscription)._schema
    documents = Documents(schema, Limits(cached_characters=25))
    first = documents.load("{ ping }")
    documents.load("{ a: ping }")
    assert documents.load("{ ping }") is first
    documents.load("{ b: ping }")
    assert documents.load("{ ping }") is first
    documents.load("{ c: ping }")
    documents.load("{ d: ping }")
    assert documents.load("{ ping }") is not first


async def test_deep_variables_are_refused() -> None:
    engine = Engine(build_schema(Query, Mutation, Subscription), Limits())
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    request = GraphQLRequest("query Q($t: String!) { echo(text: $t) }", {"t": deep})
    with pytest.raises(OperationFailed):
        engine.prepare(request, None)
