"""`dreamcore serve` that is told to end: quickly, politely, and without ending what runs."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError

from adapters.server.interruption import ONE_PRESS_SECONDS
from tests.e2e.installation import Installation
from tests.gateway.agreement import assert_agrees
from tests.gateway.watchers import WATCHERS, Payload
from tests.model_stub.script import Reply, Text
from tests.model_stub.server import ModelStub

GRACE_SECONDS = 9  # ordinary requests would get ten


async def close_code(stream: AsyncGenerator[Payload, None]) -> int | None:
    """How a WebSocket ends on which nothing more is said."""
    with pytest.raises(ConnectionClosedError) as closed:
        await anext(stream)
    return closed.value.rcvd.code if closed.value.rcvd is not None else None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_with_open_watchers_and_the_run_goes_on_in_the_next(
    claude: Installation, stub: ModelStub, number: signal.Signals
) -> None:
    stub.extend(Reply(Text("a long answer " * 20), gate="held"))
    seen: dict[str, list[Payload]] = {transport: [] for transport in WATCHERS}
    async with claude.serving() as gateway:
        generation_id = await gateway.start()
        await gateway.watch(generation_id, until="GenerationOutput")
        async with AsyncExitStack() as stack:
            streams = {
                transport: await stack.enter_async_context(
                    aclosing(watcher(gateway.url, gateway.token).watch(generation_id))
                )
                for transport, watcher in WATCHERS.items()
            }
            for transport, stream in streams.items():
                while not seen[transport] or "text" not in seen[transport][-1]:
                    seen[transport].append(await anext(stream))
            gateway.process.send_signal(number)
            async with asyncio.timeout(GRACE_SECONDS):
                assert await gateway.process.wait() == 0
            # The stream ends without the frame that says that it is complete.
            seen["graphql-sse"] += [payload async for payload in streams["graphql-sse"]]
            assert await close_code(streams["graphql-transport-ws"]) == 1012
    async with claude.serving() as gateway:
        stub.gate("held").release()
        for transport, payloads in seen.items():
            cursor = payloads[-1]["cursor"]
            payloads += await gateway.watch(generation_id, transport, after=cursor)
    stored = await claude.stored(generation_id)
    for payloads in seen.values():
        assert payloads[-1]["__typename"] == "GenerationCompleted"
        assert_agrees(payloads, stored)


async def test_once_more_ends_it_without_waiting_for_requests(offline: Installation) -> None:
    async with offline.serving() as gateway:
        address = httpx.URL(gateway.url)
        _, upload = await asyncio.open_connection(address.host, address.port)
        upload.write(
            b"POST /api/assets/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            b"Authorization: Bearer %b\r\n\r\n--x\r\n" % gateway.token.encode()
        )
        await upload.drain()
        await gateway.query("{ viewer { id } }")
        gateway.process.send_signal(signal.SIGINT)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2 * ONE_PRESS_SECONDS):
                await gateway.process.wait()
        gateway.process.send_signal(signal.SIGINT)
        assert await gateway.process.wait() == 130
        assert gateway.process.stderr is not None
        assert b"left at once" in await gateway.process.stderr.read()
        upload.close()
