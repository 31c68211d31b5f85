"""WebSocket messages that make no sense: an error or a close code, and only for who sent them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from schema.identifiers import random_uuid
from tests.gateway.asking import SUBPROTOCOLS, code_of
from tests.gateway.client import START
from tests.gateway.conftest import Scene

pytestmark = pytest.mark.usefixtures("bystanders")

VIEWER: Final = {"query": "{ viewer { id } }"}
ASK: Final = json.dumps({"type": "subscribe", "id": "v", "payload": VIEWER})
WATCH: Final = "subscription($id: ID!) { generation(id: $id) { __typename } }"


@asynccontextmanager
async def introduced(scene: Scene) -> AsyncGenerator[ClientConnection, None]:
    """A socket that was acknowledged."""
    url = scene.url.replace("http", "ws", 1)
    async with connect(f"{url}/graphql", subprotocols=SUBPROTOCOLS) as socket:
        await socket.send(
            json.dumps({"type": "connection_init", "payload": {"token": scene.token}})
        )
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def closed_with(socket: ClientConnection) -> tuple[int, str]:
    """Code and reason with which the server closes the socket."""
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


INVALID = (4400, "Invalid message")
FRAMES: Final[dict[str, tuple[str | bytes, tuple[int, str]]]] = {
    "nothing": ("", INVALID),
    "half": ('{"type": "subscribe"', INVALID),
    "words": ("hello", INVALID),
    "a number": ("5", INVALID),
    "null": ("null", INVALID),
    "a list": ("[]", INVALID),
    "deep": ("[" * 200_000, INVALID),
    "no type": ("{}", INVALID),
    "an unknown type": ('{"type": "start", "id": "1"}', INVALID),
    "an older protocol's type": ('{"type": "connection_terminate"}', INVALID),
    "half a surrogate pair": ('{"type": "ping", "payload": {"a": "\\ud800"}}', INVALID),
    "no id": (json.dumps({"type": "subscribe", "payload": VIEWER}), INVALID),
    "an empty id": (json.dumps({"type": "subscribe", "id": "", "payload": VIEWER}), INVALID),
    "an id that is a number": (
        json.dumps({"type": "subscribe", "id": 1, "payload": VIEWER}),
        INVALID,
    ),
    "an endless id": (
        json.dumps({"type": "subscribe", "id": "1" * 5_000, "payload": VIEWER}),
        INVALID,
    ),
    "no payload": ('{"type": "subscribe", "id": "1"}', INVALID),
    "a payload that is text": ('{"type": "subscribe", "id": "1", "payload": "{a}"}', INVALID),
    "a second introduction": (
        '{"type": "connection_init"}',
        (4429, "Too many initialisation requests"),
    ),
    "bytes": (b'{"type": "ping"}', INVALID),
    "a prompt of 10 MB": (
        json.dumps(
            {
                "type": "subscribe",
                "id": "1",
                "payload": {
                    "query": START,
                    "variables": {
                        "input": {"projectId": random_uuid(), "message": "x" * 10_000_000}
                    },
                },
            }
        ),
        (1009, ""),
    ),
}


@pytest.mark.parametrize(("frame", "close"), FRAMES.values(), ids=FRAMES.keys())
async def test_what_is_no_message_closes_that_socket(
    lasting_scene: Scene, frame: str | bytes, close: tuple[int, str]
) -> None:
    async with introduced(lasting_scene) as bystander, introduced(lasting_scene) as socket:
        with suppress(ConnectionClosed):  # of what is too long, not all is taken
            await socket.send(frame)
        code, reason = await closed_with(socket)
        assert (code, reason if code >= 4000 else "") == close
        await still_works(bystander)


async def test_an_id_in_use_closes_that_socket(lasting_scene: Scene) -> None:
    generation = await lasting_scene.start(token=lasting_scene.token_of(random_uuid()))
    payload = {"query": WATCH, "variables": {"id": generation}}
    subscribe = json.dumps({"type": "subscribe", "id": "1", "payload": payload})
    async with introduced(lasting_scene) as bystander, introduced(lasting_scene) as socket:
        await socket.send(subscribe)
        await socket.send(subscribe)
        assert await closed_with(socket) == (4409, "Subscriber already exists")
        await still_works(bystander)


REQUESTS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "a syntax error": ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    "an empty document": ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ({"query": "{ password }"}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown operation": (
        {"query": "query A { viewer { id } }", "operationName": "B"},
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a missing variable": ({"query": WATCH}, "GRAPHQL_VALIDATION_FAILED"),
    "a deep document": ({"query": "{ a" * 100 + "}" * 100}, "QUERY_TOO_COMPLEX"),
    "no UUID": ({"query": WATCH, "variables": {"id": "../../etc/passwd"}}, "INVALID_INPUT"),
    "nothing of ours": (
        {"query": WATCH, "variables": {"id": random_uuid()}},
        "GENERATION_NOT_FOUND",
    ),
}


@pytest.mark.parametrize(("request_", "code"), REQUESTS.values(), ids=REQUESTS.keys())
async def test_an_operation_that_fails_leaves_the_socket_open(
    lasting_scene: Scene, request_: dict[str, Any], code: str
) -> None:
    async with introduced(lasting_scene) as socket:
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": request_}))
        answer = json.loads(await socket.recv())
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert code_of({"errors": answer["payload"]}) == code
        await still_works(socket)


async def test_completing_what_does_not_run_is_no_offence(lasting_scene: Scene) -> None:
    async with introduced(lasting_scene) as socket:
        await socket.send('{"type": "complete", "id": "never"}')
        await still_works(socket)


async def test_a_socket_at_any_other_address_speaks_the_browsers_protocol(
    lasting_scene: Scene,
) -> None:
    url = lasting_scene.url.replace("http", "ws", 1)
    for path in ("/graphql/../api/health", "/api/health", "/"):
        async with connect(f"{url}{path}") as socket:
            await socket.send('{"type": "ping"}')
            assert json.loads(await socket.recv()) == {"type": "pong"}


async def still_works(socket: ClientConnection) -> None:
    """Fails unless the socket still answers operations."""
    await socket.send(ASK)
    for kind in ("next", "complete"):
        answer = json.loads(await socket.recv())
        assert (answer["type"], answer["id"]) == (kind, "v")
