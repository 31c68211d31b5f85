"""Arguments that make no sense: one code over every transport, and nothing is started."""

from itertools import cycle, product
from typing import Any, Final

import pytest

from schema.cursor import encode_cursor
from schema.identifiers import random_uuid
from tests.gateway.asking import SINGLE, STREAMING, all_over_sse, ask_over_http, code_of
from tests.gateway.client import START
from tests.gateway.conftest import BOB, Scene

pytestmark = pytest.mark.usefixtures("bystanders")

NOBODYS = "99999999-9999-4999-8999-999999999999"

WATCH: Final = (
    "subscription($id: ID!, $after: Cursor) { generation(id: $id, after: $after) { __typename } }"
)
GENERATE: Final = """
subscription($input: StartGenerationInput!, $after: Cursor) {
  generate(input: $input, after: $after) {
    __typename
    ... on GenerationRefused { code message }
  }
}
"""
CREATE: Final = """
mutation($name: String!) {
  createProject(input: {name: $name}) { __typename ... on Failure { code } }
}
"""
MALFORMED_IDS: Final = [
    "",
    "../../etc/passwd",
    "{00000000-0000-4000-8000-000000000001}",
    "00000000-0000-4000-8000-000000000001\n",
    "x" * 5_000,
]
MALFORMED_CURSORS: Final = {
    "empty": "",
    "short": "AAAA",
    "no base64": "!" * 32,
    "not ASCII": "カーソル",
    "NUL": "\0",
    "long": "A" * 5_000,
    "a path": "../../etc/passwd",
    "of another generation": encode_cursor(random_uuid(), 1),
}
PAGES: Final = {
    "projects": "query($first: Int!) { projects(first: $first) { edges { cursor } } }",
    "generations": """
        query($first: Int!, $project: ID!) {
          project(id: $project) { generations(first: $first) { edges { cursor } } }
        }
    """,
    "events": """
        query($first: Int!, $generation: ID!) {
          generation(id: $generation) { events(first: $first) { edges { cursor } } }
        }
    """,
}
SIZES: Final = {
    -1: "INVALID_INPUT",
    0: "INVALID_INPUT",
    101: "INVALID_INPUT",
    10**9: "INVALID_INPUT",
    10**12: "GRAPHQL_VALIDATION_FAILED",
}


@pytest.fixture
def token(lasting_scene: Scene) -> str:
    """Of a user whom nothing else in the module concerns."""
    return lasting_scene.token_of(random_uuid())


async def test_malformed_ids_are_invalid_input(lasting_scene: Scene, token: str) -> None:
    documents = [
        "query($id: ID!) { project(id: $id) { id } }",
        "query($id: ID!) { generation(id: $id) { id } }",
        "mutation($id: ID!) { cancelGeneration(id: $id) { __typename } }",
        "query($id: String!) { projects(after: $id) { edges { cursor } } }",
        WATCH,
    ]
    # Each transport has its turn with every document.
    transports = cycle(STREAMING.values())
    for document, bad in product(documents, MALFORMED_IDS):
        ask = next(transports)
        result = await ask(lasting_scene.url, token, document, {"id": bad})
        assert code_of(result) == "INVALID_INPUT", (document, bad)
        if document != WATCH:
            result = await ask_over_http(lasting_scene.url, token, document, {"id": bad})
            assert code_of(result) == "INVALID_INPUT", (document, bad)


@pytest.mark.parametrize("transport", STREAMING)
@pytest.mark.parametrize("cursor", MALFORMED_CURSORS.values(), ids=MALFORMED_CURSORS.keys())
async def test_cursors_that_name_no_position_are_refused_and_start_nothing(
    lasting_scene: Scene, token: str, transport: str, cursor: str
) -> None:
    scene, ask = lasting_scene, STREAMING[transport]
    project = await scene.project(token)
    command = scene.command(project, "key")
    refused = await ask(scene.url, token, GENERATE, {"input": command, "after": cursor})
    assert code_of(refused) == "INVALID_CURSOR"
    # The viewer's slot is free, and so is the key.
    generation = await scene.start("another game", token, project)
    watched = await ask(scene.url, token, WATCH, {"id": generation, "after": cursor})
    assert code_of(watched) == "INVALID_CURSOR"
    paged = await ask(
        scene.url,
        token,
        "query($id: ID!, $after: Cursor) { generation(id: $id) "
        "{ events(after: $after) { edges { cursor } } } }",
        {"id": generation, "after": cursor},
    )
    assert code_of(paged) == "INVALID_CURSOR"


async def test_a_position_beyond_every_number_is_refused(lasting_scene: Scene, token: str) -> None:
    generation = await lasting_scene.start(token=token)
    for seq in (2**53, 2**64 - 1):
        variables = {"id": generation, "after": encode_cursor(generation, seq)}
        for ask in STREAMING.values():
            result = await ask(lasting_scene.url, token, WATCH, variables)
            assert code_of(result) == "INVALID_CURSOR"


@pytest.mark.parametrize("sent", ["AAAA", "!" * 32, "a b", encode_cursor(NOBODYS, 7)])
async def test_a_last_event_id_that_names_no_position_is_refused(
    lasting_scene: Scene, token: str, sent: str
) -> None:
    generation = await lasting_scene.start(token=token)
    (result,) = await all_over_sse(lasting_scene.url, token, WATCH, {"id": generation}, sent)
    assert code_of(result) == "INVALID_CURSOR"


async def test_page_sizes_have_bounds(lasting_scene: Scene, token: str) -> None:
    scene, transports = lasting_scene, cycle(SINGLE.values())
    project = await scene.project(token)
    names = {"project": project, "generation": await scene.start("a game", token, project)}
    for document, (first, code) in product(PAGES.values(), SIZES.items()):
        declared = {name: value for name, value in names.items() if f"${name}" in document}
        variables = {"first": first, **declared}
        result = await next(transports)(scene.url, token, document, variables)
        assert code_of(result) == code, (document, first)


@pytest.mark.parametrize("transport", SINGLE)
@pytest.mark.parametrize("name", ["", "   ", "\0\0", "\n\t", "x" * 201], ids=ascii)
async def test_names_that_say_nothing_are_invalid(
    lasting_scene: Scene, token: str, transport: str, name: str
) -> None:
    result = await SINGLE[transport](lasting_scene.url, token, CREATE, {"name": name})
    assert result["data"]["createProject"] == {"__typename": "InvalidName", "code": "INVALID_INPUT"}


STARTS: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "no message": ({"message": ""}, "InvalidMessage", "INVALID_MESSAGE"),
    "blanks": ({"message": " \n\t "}, "InvalidMessage", "INVALID_MESSAGE"),
    "a long message": ({"message": "あ" * 100_001}, "InvalidMessage", "INVALID_MESSAGE"),
    "NUL": ({"message": "a\0b"}, "InvalidMessage", "INVALID_MESSAGE"),
    "a foreign project": ({"projectId": "theirs"}, "ProjectNotFound", "PROJECT_NOT_FOUND"),
    "no such project": ({"projectId": random_uuid()}, "ProjectNotFound", "PROJECT_NOT_FOUND"),
    "a malformed project": ({"projectId": "../x"}, "", "INVALID_INPUT"),
    "many skills": ({"skills": ["s"] * 21}, "", "INVALID_INPUT"),
    "an empty skill": ({"skills": [""]}, "", "INVALID_INPUT"),
    "a long skill": ({"skills": ["s" * 65]}, "", "INVALID_INPUT"),
    "an empty key": ({"idempotencyKey": ""}, "", "INVALID_INPUT"),
    "a long key": ({"idempotencyKey": "k" * 201}, "", "INVALID_INPUT"),
    "a number": ({"message": 5}, "", "GRAPHQL_VALIDATION_FAILED"),
    "an unknown field": ({"mesage": "typo"}, "", "GRAPHQL_VALIDATION_FAILED"),
}


@pytest.mark.parametrize(("change", "kind", "code"), STARTS.values(), ids=STARTS.keys())
async def test_starts_that_cannot_be_admitted_say_why_on_every_transport(
    lasting_scene: Scene, token: str, change: dict[str, Any], kind: str, code: str
) -> None:
    scene = lasting_scene
    command = scene.command(await scene.project(token), "key") | change
    if command["projectId"] == "theirs":
        command["projectId"] = await scene.project(scene.token_of(BOB))
    for ask in SINGLE.values():
        result = await ask(scene.url, token, START, {"input": command})
        if not kind:
            assert code_of(result) == code
            continue
        answer = result["data"]["startGeneration"]
        assert (answer["__typename"], answer["code"]) == (kind, code)
    for ask in STREAMING.values():
        result = await ask(scene.url, token, GENERATE, {"input": command})
        if not kind:
            assert code_of(result) == code
            continue
        event = result["data"]["generate"]
        assert (event["__typename"], event["code"]) == ("GenerationRefused", code)


async def test_half_a_surrogate_pair_is_no_text(lasting_scene: Scene, token: str) -> None:
    for ask in SINGLE.values():
        document = 'mutation { createProject(input: {name: "a\\uD800b"}) { __typename } }'
        assert code_of(await ask(lasting_scene.url, token, document, {})) == "GRAPHQL_PARSE_FAILED"
    result = await ask_over_http(lasting_scene.url, token, CREATE, {"name": "smile \U0001f600"})
    assert result["data"]["createProject"]["__typename"] == "CreateProjectSuccess"
