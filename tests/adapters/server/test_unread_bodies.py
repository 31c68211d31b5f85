"""Requests that are answered although nobody reads what they send."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import anyio
import httpx
import pytest

from adapters.server.serving import serving
from adapters.server.settings import Settings
from adapters.server.unread_bodies import DROPPED_BYTES
from schema.execution_port import Execution
from tests.resolvers.scripted_execution import ScriptedExecution

CLOSE: Final = "Host: x\r\nConnection: close\r\n"
BODY: Final = b"x" * 3_000_000
STATUSES: Final = {
    "POST /": b"404",
    "POST /api/health": b"404",
    "POST /api/projects": b"404",
    "POST /auth/v1/.well-known/jwks.json": b"404",
    "POST /game/nobody/nothing/index.html": b"404",
    "POST /playground/assets/index.js": b"404",
    "POST /nowhere": b"404",
    "PUT /graphql": b"405",
    "POST /graphql": b"401",
    "POST /api/assets/upload": b"401",
    "POST /api/generate-image": b"401",
    "GET /api/projects": b"401",
}


@pytest.fixture
async def port(tmp_path: Path) -> AsyncGenerator[int, None]:
    """Of a gateway."""

    async def connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        return ScriptedExecution()

    async with serving(Settings(port=0, data_dir=tmp_path), connect) as running:
        yield urlsplit(running.url).port or 0


async def _status(port: int, sent: bytes) -> bytes:
    """Send all of it, then read the whole answer."""
    with anyio.fail_after(30):
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(sent)
            received = b"".join([piece async for piece in stream])
    return received.removeprefix(b"HTTP/1.1 ")[:3]


@pytest.mark.parametrize("chunked", [False, True])
async def test_the_answer_arrives_before_the_connection_ends(port: int, chunked: bool) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(BODY)}"
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY) if chunked else BODY
    answers = {}
    for request in STATUSES:
        head = f"{request} HTTP/1.1\r\n{CLOSE}{length}\r\n\r\n".encode()
        answers[request] = await _status(port, head + body)
    assert answers == STATUSES


@pytest.mark.parametrize(
    "header", [f"Content-Length: {DROPPED_BYTES + 1}", "Content-Length: 9\r\nExpect: 100-continue"]
)
async def test_what_is_too_much_or_waits_is_answered_before_it_is_sent(
    port: int, header: str
) -> None:
    head = f"POST /api/health HTTP/1.1\r\n{CLOSE}{header}\r\n\r\n".encode()
    assert await _status(port, head) == b"404"
