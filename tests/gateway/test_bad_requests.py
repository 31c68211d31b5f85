"""HTTP requests that make no sense: answered, on a connection that goes on, to nobody's harm."""

import json
from typing import Any, Final

import pytest

from schema.identifiers import random_uuid
from tests.gateway.client import START
from tests.gateway.conftest import Scene
from tests.gateway.kept_connection import Answer, KeptConnection, kept_connection

pytestmark = pytest.mark.usefixtures("bystanders")

VIEWER: Final = b'{"query": "{ viewer { id } }"}'
JSON: Final = {"Content-Type": "application/json"}
INTERNALS: Final = ("Traceback", "Exception", "Error(", ".py", "sqlite", "msgspec", "strawberry")


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """A GraphQL error with its code, and nothing that tells how we are made."""
    (error,) = answer.json["errors"]
    assert (answer.status, error["extensions"]["code"]) == (status, code)
    assert not [word for word in INTERNALS if word in answer.body.decode()]


async def post(
    connection: KeptConnection, token: str, body: bytes, headers: dict[str, str] | None = None
) -> Answer:
    fields = {"Authorization": f"Bearer {token}", **JSON, **(headers or {})}
    return await connection.ask("POST", "/graphql", body, fields)


BODIES: Final[dict[str, tuple[bytes, int, str]]] = {
    "nothing": (b"", 400, "INVALID_INPUT"),
    "half": (b'{"query": "{ viewer', 400, "INVALID_INPUT"),
    "no UTF-8": (b'{"query": "\xff\xfe"}', 400, "INVALID_INPUT"),
    "half a surrogate pair": (b'{"query": "{ viewer { id } } # \\ud800"}', 400, "INVALID_INPUT"),
    "deep": (b"[" * 200_000, 400, "INVALID_INPUT"),
    **{
        f"the scalar {scalar}": (scalar.encode(), 400, "INVALID_INPUT")
        for scalar in ("null", "true", "5", '"text"', "[]", "NaN")
    },
    "a batch": (b"[%b, %b]" % (VIEWER, VIEWER), 400, "INVALID_INPUT"),
    "no query": (b'{"variables": {}}', 400, "INVALID_INPUT"),
    "a query of a wrong type": (b'{"query": 5}', 400, "INVALID_INPUT"),
    "variables of a wrong type": (b'{"query": "{a}", "variables": [1]}', 400, "INVALID_INPUT"),
    "10 MB": (b'{"query": "%b"}' % (b"x" * 10_000_000), 413, "PAYLOAD_TOO_LARGE"),
    "a prompt of 10 MB": (
        json.dumps(
            {
                "query": START,
                "variables": {"input": {"projectId": random_uuid(), "message": "x" * 10_000_000}},
            }
        ).encode(),
        413,
        "PAYLOAD_TOO_LARGE",
    ),
}


@pytest.mark.parametrize(("body", "status", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_is_no_request_is_refused_and_the_connection_goes_on(
    lasting_scene: Scene, body: bytes, status: int, code: str
) -> None:
    async with kept_connection(lasting_scene.url) as connection:
        for accepted in ("application/json", "application/graphql-response+json"):
            headers = {"Accept": accepted}
            answer = await post(connection, lasting_scene.token, body, headers)
            assert_refused(answer, status, code)
            await connection.still_works()


HEADERS: Final[dict[str, tuple[dict[str, str], int, str]]] = {
    "a form": ({"Content-Type": "application/x-www-form-urlencoded"}, 415, "INVALID_INPUT"),
    "plain text": ({"Content-Type": "text/plain"}, 415, "INVALID_INPUT"),
    "an upload": ({"Content-Type": "multipart/form-data; boundary=x"}, 415, "INVALID_INPUT"),
    "no type": ({"Content-Type": ""}, 415, "INVALID_INPUT"),
    "another charset": ({"Content-Type": "application/json; charset=utf-16"}, 415, "INVALID_INPUT"),
    "an answer we do not have": ({"Accept": "image/png"}, 406, "INVALID_INPUT"),
}


@pytest.mark.parametrize(("headers", "status", "code"), HEADERS.values(), ids=HEADERS.keys())
async def test_a_media_type_that_is_not_spoken_is_refused(
    lasting_scene: Scene, headers: dict[str, str], status: int, code: str
) -> None:
    async with kept_connection(lasting_scene.url) as connection:
        answer = await post(connection, lasting_scene.token, VIEWER, headers)
        assert_refused(answer, status, code)
        await connection.still_works()


def _doubling(depth: int) -> str:
    spreads = (f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(depth))
    return "\n".join(["{ viewer { ...F0 } }", *spreads, f"fragment F{depth} on Viewer {{ id }}"])


DOCUMENTS: Final[dict[str, tuple[str, str]]] = {
    "a syntax error": ("{ viewer { id }", "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ("{ viewer { password } }", "GRAPHQL_VALIDATION_FAILED"),
    "an unknown argument": (
        "{ projects(last: 1) { edges { cursor } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a missing argument": ("{ project { id } }", "GRAPHQL_VALIDATION_FAILED"),
    "a fragment cycle": (
        "{ viewer { ...A } } fragment A on Viewer { id ...A }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "depth": (
        "query($id: ID!) { generation(id: $id) "
        + "{ project { activeGeneration " * 20
        + "{ id }"
        + " } }" * 20
        + " }",
        "QUERY_TOO_COMPLEX",
    ),
    "tokens": ("{ viewer(a: " + "[" * 5_000, "GRAPHQL_PARSE_FAILED"),
    "brackets": ("{ a" * 500 + "}" * 500, "GRAPHQL_PARSE_FAILED"),
    "selections": ("{ a" * 100 + "}" * 100, "QUERY_TOO_COMPLEX"),
    "aliases": (
        "{" + " ".join(f"a{n}: viewer {{ id }}" for n in range(200)) + "}",
        "QUERY_TOO_COMPLEX",
    ),
    "doubling fragments": (_doubling(30), "QUERY_TOO_COMPLEX"),
    "many fragments": (
        "{ viewer { id } }" + " ".join(f"fragment F{n} on Viewer {{ id }}" for n in range(200)),
        "QUERY_TOO_COMPLEX",
    ),
    "length": ("{ viewer { id } } #" + "x" * 100_000, "QUERY_TOO_COMPLEX"),
}


@pytest.mark.parametrize(("document", "code"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
async def test_a_document_that_is_wrong_or_a_bomb_is_refused(
    lasting_scene: Scene, document: str, code: str
) -> None:
    body = json.dumps({"query": document}).encode()
    async with kept_connection(lasting_scene.url) as connection:
        for accepted, status in (
            ("application/json", 200),
            ("application/graphql-response+json", 400),
        ):
            answer = await post(connection, lasting_scene.token, body, {"Accept": accepted})
            assert_refused(answer, status, code)
            await connection.still_works()


async def test_a_get_changes_nothing(lasting_scene: Scene) -> None:
    headers = {"Authorization": f"Bearer {lasting_scene.token}"}
    mutation = "mutation%7BcreateProject(input:%7Bname:%22x%22%7D)%7B__typename%7D%7D"
    async with kept_connection(lasting_scene.url) as connection:
        answer = await connection.ask("GET", f"/graphql?query={mutation}", headers=headers)
        assert_refused(answer, 405, "INVALID_INPUT")
        for query, status in {
            "": 400,
            "?query=%FF%00": 400,
            "?query=%7Bviewer%7Bid%7D%7D&variables=5": 400,
            "?query=%7Bviewer%7Bid%7D%7D&variables=%7B": 400,
        }.items():
            fields = {**headers, "Accept": "application/graphql-response+json"}
            answer = await connection.ask("GET", f"/graphql{query}", headers=fields)
            assert answer.status == status, query
            assert answer.json["errors"]
        await connection.still_works()


async def test_a_subscription_needs_a_stream(lasting_scene: Scene) -> None:
    subscription: dict[str, Any] = {
        "query": "subscription($id: ID!) { generation(id: $id) { __typename } }",
        "variables": {"id": random_uuid()},
    }
    async with kept_connection(lasting_scene.url) as connection:
        answer = await post(connection, lasting_scene.token, json.dumps(subscription).encode())
        assert_refused(answer, 406, "INVALID_INPUT")
        await connection.still_works()
