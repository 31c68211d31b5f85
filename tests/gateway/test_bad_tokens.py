"""Tokens that speak for nobody, and for somebody else."""

import asyncio
import json
import math
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from adapters.auth.issuer import EmbeddedIssuer
from adapters.server.compose import ISSUER_DIRECTORY
from schema.execution import Stream
from schema.identifiers import random_uuid
from tests.gateway.asking import SINGLE, STREAMING, SUBPROTOCOLS, code_of
from tests.gateway.client import CANCEL
from tests.gateway.conftest import BOB, Scene

pytestmark = pytest.mark.usefixtures("bystanders")

KINDS: Final = ["missing", "empty", "noise", "expired", "signed elsewhere", "unsigned", "altered"]


@pytest.fixture
def token(lasting_scene: Scene, tmp_path: Path, request: pytest.FixtureRequest) -> str | None:
    good = lasting_scene.token
    claims = jwt.decode(good, options={"verify_signature": False})
    head, _, signature = good.split(".")
    match request.param:
        case "missing":
            return None
        case "empty":
            return ""
        case "noise":
            return "not.a.token"
        case "expired":
            return _token_until(lasting_scene, time.time() - 60)
        case "signed elsewhere":
            return EmbeddedIssuer.open(tmp_path).issue(BOB, None, timedelta(hours=1))
        case "unsigned":
            return _unsigned(claims)
        case _:
            body = _unsigned({**claims, "sub": BOB}).split(".")[1]
            return f"{head}.{body}.{signature}"


@pytest.mark.parametrize("token", KINDS, indirect=True)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_http_answers_401(lasting_scene: Scene, token: str | None, accept: str) -> None:
    headers = {"Accept": accept}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}".strip()
    body = {"query": "{ viewer { id } }"}
    response = await lasting_scene.http.post("/graphql", json=body, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert code_of(response.json()) == "UNAUTHENTICATED"
    assert not token or token not in response.text


@pytest.mark.parametrize("token", KINDS, indirect=True)
async def test_a_websocket_is_closed_with_4403(lasting_scene: Scene, token: str | None) -> None:
    url = lasting_scene.url.replace("http", "ws", 1)
    payload = {} if token is None else {"token": token}
    async with connect(f"{url}/graphql", subprotocols=SUBPROTOCOLS) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4403, "Forbidden")


async def test_other_schemes_are_no_token(lasting_scene: Scene) -> None:
    for value in (f"Basic {lasting_scene.token}", lasting_scene.token, "Bearer", "Bearer a b"):
        response = await lasting_scene.http.post(
            "/graphql", json={"query": "{ viewer { id } }"}, headers={"Authorization": value}
        )
        assert response.status_code == 401


async def test_what_is_not_ours_does_not_exist(lasting_scene: Scene) -> None:
    """On every transport a foreign resource answers exactly as a missing one."""
    scene, mallory = lasting_scene, lasting_scene.token_of(random_uuid())
    owner = scene.token_of(random_uuid())
    project = await scene.project(owner)
    generation = await scene.start("a game of mine", owner, project)
    scene.execution.say(generation, Stream("working"))
    for foreign_project, foreign_generation in (
        (project, generation),
        (random_uuid(), random_uuid()),
    ):
        for ask in SINGLE.values():
            seen = await ask(
                scene.url,
                mallory,
                "query($p: ID!, $g: ID!) { project(id: $p) { id } generation(id: $g) { id } }",
                {"p": foreign_project, "g": foreign_generation},
            )
            assert seen["data"] == {"project": None, "generation": None}
            stopped = await ask(scene.url, mallory, CANCEL, {"id": foreign_generation})
            assert stopped["data"]["cancelGeneration"]["code"] == "GENERATION_NOT_FOUND"
        for ask in STREAMING.values():
            watched = await ask(
                scene.url,
                mallory,
                "subscription($g: ID!) { generation(id: $g) { __typename } }",
                {"g": foreign_generation},
            )
            assert code_of(watched) == "GENERATION_NOT_FOUND"
    # Nobody stopped it, and nobody's list shows it.
    for viewer, edges in ((owner, 1), (mallory, 0)):
        listed = await scene.query("{ projects { edges { node { id } } } }", token=viewer)
        assert len(listed["data"]["projects"]["edges"]) == edges
    running = await scene.query(
        "query($g: ID!) { generation(id: $g) { status } }", {"g": generation}, owner
    )
    assert running["data"]["generation"]["status"] in ("PENDING", "PROCESSING")
    await scene.query(CANCEL, {"id": generation}, owner)


async def test_a_token_that_expires_on_an_open_socket_starts_nothing_more(
    lasting_scene: Scene,
) -> None:
    expired = asyncio.Event()
    url = lasting_scene.url.replace("http", "ws", 1)
    async with connect(f"{url}/graphql", subprotocols=SUBPROTOCOLS) as socket:
        end = math.ceil(time.time()) + 2
        token = _token_until(lasting_scene, end)
        await socket.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        asyncio.get_running_loop().call_later(end - time.time() + 0.1, expired.set)
        await expired.wait()
        payload = {"query": "{ viewer { id } }"}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        answer = json.loads(await socket.recv())
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert code_of({"errors": answer["payload"]}) == "UNAUTHENTICATED"


def _unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none")


def _token_until(scene: Scene, end: float) -> str:
    """A token of the gateway's own issuer, whose time is over at `end`."""
    directory = scene.data_dir / "gateway" / ISSUER_DIRECTORY
    issuer = EmbeddedIssuer.open(directory, clock=lambda: end - 3_600)
    return issuer.issue(BOB, None, timedelta(hours=1))
