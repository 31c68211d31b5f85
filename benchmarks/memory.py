"""Resident memory that one idle subscription costs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, cast

import httpx

from benchmarks.client import WATCH, Watched, introduce, socket_to, start, subscribe
from benchmarks.figures import Figure, Part
from benchmarks.processes import Running, gateway, upstream
from benchmarks.upstream import Pace

SUBSCRIPTIONS: Final = 1000
USERS: Final = 40
ON_ONE_SOCKET: Final = 100
KIBIBYTES: Final = 48.0
SETTLE_SECONDS: Final = 2.0
SILENCE: Final = Pace(rate=0, seconds=120)


async def measure(directory: Path) -> AsyncGenerator[Figure, None]:
    """A fresh gateway for every way to subscribe; the first few subscriptions do not count."""
    ways = (
        ("a WebSocket each", _socket_each),
        (f"{ON_ONE_SOCKET} on a WebSocket", _sockets_shared),
        ("an event stream each", _stream_each),
    )
    for index, (name, subscribe_all) in enumerate(ways):
        data_dir = directory / f"memory-{index}"
        with upstream() as execution, gateway(data_dir, execution) as server:
            silent = await start(server, data_dir, [SILENCE] * USERS)
            async with AsyncExitStack() as stack:
                await subscribe_all(stack, server, silent, ON_ONE_SOCKET)
                before = await _resident(server)
                await subscribe_all(stack, server, silent, SUBSCRIPTIONS)
                grown = await _resident(server) - before
        value = grown / SUBSCRIPTIONS / 1024
        yield Figure(Part.MEMORY, f"idle subscription, {name}", value, "KiB", KIBIBYTES)


async def _resident(server: Running) -> int:
    await asyncio.sleep(SETTLE_SECONDS)
    return server.resident()


async def _socket_each(
    stack: AsyncExitStack, server: Running, silent: list[Watched], count: int
) -> None:
    for index in range(count):
        watched = silent[index % len(silent)]
        socket = await stack.enter_async_context(socket_to(server))
        await introduce(socket, watched.token)
        await subscribe(socket, watched.id)
        await socket.recv()


async def _sockets_shared(
    stack: AsyncExitStack, server: Running, silent: list[Watched], count: int
) -> None:
    for index in range(count // ON_ONE_SOCKET):
        watched = silent[index % len(silent)]
        socket = await stack.enter_async_context(socket_to(server))
        await introduce(socket, watched.token)
        for operation in range(ON_ONE_SOCKET):
            await subscribe(socket, watched.id, str(operation))
            await socket.recv()


async def _stream_each(
    stack: AsyncExitStack, server: Running, silent: list[Watched], count: int
) -> None:
    limits = httpx.Limits(max_connections=None)
    http = await stack.enter_async_context(httpx.AsyncClient(timeout=30, limits=limits))
    for index in range(count):
        watched = silent[index % len(silent)]
        response = await stack.enter_async_context(
            http.stream(
                "POST",
                f"{server.url}/graphql",
                json={"query": WATCH, "variables": {"id": watched.id}},
                headers={
                    "Accept": "text/event-stream",
                    "Authorization": f"Bearer {watched.token}",
                },
            )
        )
        assert response.is_success
        stream = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
        stack.push_async_callback(stream.aclose)
        await anext(stream)
