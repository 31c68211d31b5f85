"""What a user's program does: start a generation and watch it over a WebSocket."""

import json
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect

from adapters.auth.issuer import EmbeddedIssuer
from adapters.server.compose import ISSUER_DIRECTORY
from adapters.server.settings import Settings
from benchmarks.processes import Running
from benchmarks.upstream import Pace
from schema.identifiers import random_uuid

HEAD: Final = 60
"""Characters of a message within which its type stands."""

CREATE: Final = (
    'mutation { createProject(input: {name: "Benchmark"}) '
    "{ ... on CreateProjectSuccess { project { id } } } }"
)
START: Final = (
    "mutation($input: StartGenerationInput!) { startGeneration(input: $input) "
    "{ ... on StartGenerationSuccess { generation { id } } ... on Failure { code message } } }"
)
WATCH: Final = """
subscription Watch($id: ID!) {
  generation(id: $id) {
    __typename
    ... on StreamEvent { generationId seq cursor at }
    ... on GenerationProgress { percent message }
    ... on GenerationOutput { text fromSeq }
    ... on GenerationOutputRetracted { fromSeq }
    ... on GenerationToolUse { tool path }
    ... on GenerationCompleted { mode closing: message version { hash } }
    ... on GenerationFailed { code error: message retryable }
  }
}
"""


class Frame(NamedTuple):
    """A message of the server and when it was read (monotonic nanoseconds)."""

    at: int
    message: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A generation and the token of its user."""

    id: str
    token: str


async def start(gateway: Running, data_dir: Path, paces: list[Pace]) -> list[Watched]:
    """One generation for each pace, every one of another user."""
    issuer = EmbeddedIssuer.open(Settings(data_dir=data_dir).gateway_dir / ISSUER_DIRECTORY)
    started = []
    async with httpx.AsyncClient(base_url=gateway.url, timeout=30) as http:
        for pace in paces:
            token = issuer.issue(random_uuid(), None, timedelta(hours=1))
            created = await _answer(http, token, CREATE, {})
            project = created["createProject"]["project"]["id"]
            message = msgspec.json.encode(pace).decode()
            asked = {"projectId": project, "message": message, "skipStyleSelection": True}
            answer = await _answer(http, token, START, {"input": asked})
            started.append(Watched(answer["startGeneration"]["generation"]["id"], token))
    return started


async def _answer(
    http: httpx.AsyncClient, token: str, query: str, variables: dict[str, Any]
) -> dict[str, Any]:
    response = await http.post(
        "/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {token}"},
    )
    data: dict[str, Any] = response.raise_for_status().json()["data"]
    return data


def socket_to(server: Running) -> AbstractAsyncContextManager[ClientConnection]:
    """A WebSocket that speaks graphql-transport-ws."""
    return connect(
        f"ws://127.0.0.1:{server.port}/graphql",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item] # a NewType of str
        compression=None,
        max_queue=None,
    )


async def introduce(socket: ClientConnection, token: str) -> None:
    """The handshake."""
    await socket.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
    assert json.loads(await socket.recv())["type"] == "connection_ack"


async def subscribe(socket: ClientConnection, generation_id: str, operation: str = "1") -> None:
    """Ask for the events of a generation."""
    payload = {"query": WATCH, "variables": {"id": generation_id}}
    await socket.send(json.dumps({"type": "subscribe", "id": operation, "payload": payload}))


async def watch(server: Running, watched: Watched) -> list[Frame]:
    """Every message until the subscription completes."""
    frames: list[Frame] = []
    async with socket_to(server) as socket:
        await introduce(socket, watched.token)
        await subscribe(socket, watched.id)
        async for message in socket:
            assert isinstance(message, str)
            frames.append(Frame(time.monotonic_ns(), message))
            if '"next"' not in message[:HEAD] and '"ping"' not in message[:HEAD]:
                break
    return frames


def sent_at(frame: Frame) -> list[int]:
    """When the pieces of text in a frame were written upstream (monotonic nanoseconds)."""
    if '"GenerationOutput"' not in frame.message:
        return []
    text: str = json.loads(frame.message)["payload"]["data"]["generation"]["text"]
    return [int(line.split(" ", 1)[0]) for line in text.splitlines()]
