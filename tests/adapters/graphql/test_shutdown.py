"""What a client sees of a server that goes away, and of a client that stops reading."""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

import anyio
import pytest
from httpx_sse import aconnect_sse
from websockets.exceptions import ConnectionClosedError

from tests.adapters.graphql.serving import SSE, serving

HELD = {"query": "subscription { held { __typename } }"}
ROOT = Path(__file__).parents[3]


async def test_draining_tells_websockets_to_come_back() -> None:
    async with serving() as served, served.acknowledged() as socket:
        await socket.subscribe(HELD["query"])
        await socket.receive()
        served.server.stop()
        with anyio.fail_after(60):
            assert await socket.closed() == (1012, "Service restart")
    assert served.lifespan == ["stopped with 0 generators open"]


async def test_draining_ends_event_streams_without_complete() -> None:
    async with (
        serving() as served,
        served.client() as client,
        aconnect_sse(client, "POST", served.url, json=HELD, headers=SSE) as source,
    ):
        events = source.aiter_sse()
        assert (await anext(events)).id == "c1"
        served.server.stop()
        with anyio.fail_after(60):
            assert [event.event async for event in events] == []
    assert served.lifespan == ["stopped with 0 generators open"]


async def test_a_query_in_flight_and_a_new_stream_meet_a_draining_server() -> None:
    async with serving() as served, served.client() as client:
        await client.post(served.url, json={"query": "{ ping }"})  # a connection to keep
        served.server.drain.begin()
        response = await client.post(served.url, json=HELD, headers=SSE)
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "SHUTTING_DOWN"
        response = await client.post(served.url, json={"query": "{ ping }"})
        assert response.json() == {"data": {"ping": "pong"}}
        async with served.socket() as late:
            assert (await late.closed())[0] == 1012


async def test_a_flood_can_be_drained_and_leaves_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as served, served.acknowledged() as reader, served.client() as client:
        await reader.subscribe("subscription { flood(size: 10) { __typename } }")
        body = {"query": "subscription { flood(size: 10) { __typename } }"}
        async with aconnect_sse(client, "POST", served.url, json=body, headers=SSE) as source:
            await anext(source.aiter_sse())
            await reader.receive()
            served.server.stop()
            with anyio.fail_after(60):
                await served.watched.until_closed(2)
                with suppress(ConnectionClosedError):
                    while True:
                        await reader.receive()
                assert (await reader.closed())[0] == 1012
    assert not [record for record in caplog.records if record.levelname != "INFO"]


async def test_readers_that_stall_are_dropped_by_the_kernel() -> None:
    flood = {"query": "subscription { flood { __typename ... on Text { text } } }"}
    async with (
        serving(user_timeout=1.0) as served,
        served.client() as client,
        served.socket(close_timeout=0.1) as socket,
    ):
        await socket.init(None)
        await socket.subscribe(flood["query"])
        async with client.stream("POST", served.url, json=flood, headers=SSE):
            # Neither is read from now on; both producers stop at what the buffers hold.
            with anyio.fail_after(60):
                await served.watched.until_closed(2)
    assert served.watched.yielded < 20_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_at_once(number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.adapters.graphql.serve",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        with anyio.fail_after(60):
            port = int(await process.stdout.readline())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"query":"subscription { held { __typename } }"}'
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await reader.readuntil(b"id: c1\n")
        process.send_signal(number)
        with anyio.fail_after(60):  # ordinary requests get ten times as long
            output = await process.stdout.read()
            await process.wait()
        assert output == b"stopped with 0 generators open\n"
        assert b"complete" not in await reader.read()
        writer.close()
        await writer.wait_closed()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
