"""What the server refuses before the application sees it."""

import asyncio
import logging
from contextlib import suppress

import anyio
import pytest

from adapters.server.server import HttpProtocol
from tests.adapters.graphql.serving import Served, serving


async def _answer(served: Served, sent: bytes) -> bytes:
    """The status line for raw bytes; empty when the connection is reset."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    try:
        with anyio.fail_after(60):
            writer.write(sent)
            await writer.drain()
            return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


HEADS = {
    "one large header": b"GET /graphql HTTP/1.1\r\nHost: x\r\nX: %b\r\n\r\n" % (b"a" * 70_000),
    "many headers": b"GET /graphql HTTP/1.1\r\nHost: x\r\n%b\r\n" % (b"X-Y: aaaaaaaa\r\n" * 6_000),
    "a large address": b"GET /graphql?q=%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 70_000),
    "a header without end": b"GET /graphql HTTP/1.1\r\nHost: x\r\nX: %b" % (b"a" * 1_000_000),
    "two lengths": b"POST /graphql HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunked": (
        b"POST /graphql HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\n"
    ),
    "not HTTP": b"\x16\x03\x01\x02\x00\r\n\r\n",
}


@pytest.mark.parametrize("sent", HEADS.values(), ids=HEADS.keys())
async def test_a_bad_head_is_refused_and_nobody_else_notices(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served, served.client() as client:
        assert await _answer(served, sent) in (b"HTTP/1.1 400 Bad Request\r\n", b"")
        response = await client.post(served.url, json={"query": "{ ping }"})
        assert response.json() == {"data": {"ping": "pong"}}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_heads_within_the_bound_and_long_paths_are_served() -> None:
    async with serving() as served, served.client() as client:
        body = {"query": "{ ping }"}
        response = await client.post(served.url, json=body, headers={"X": "a" * 60_000})
        assert response.json() == {"data": {"ping": "pong"}}
        response = await client.get(f"http://{served.address}/{'a' * 5_000}")
        assert response.status_code == 404


async def test_large_bodies_are_not_taken_for_heads() -> None:
    async with serving() as served, served.client() as client:
        query = {
            "query": "query($t: String!) { echo(text: $t) }",
            "variables": {"t": "x" * 900_000},
        }
        for _ in range(2):
            response = await client.post(served.url, json=query)
            assert len(response.json()["data"]["echo"]) == 900_000


class Impatient(HttpProtocol):
    """The same in less time."""

    head_seconds = 0.05


@pytest.mark.parametrize("sent", [b"", b"GET /graphql HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_ends_the_connection(sent: bytes) -> None:
    async with serving(http=Impatient) as served:
        assert await _answer(served, sent) == b""
