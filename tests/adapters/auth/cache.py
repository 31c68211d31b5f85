"""A JWKS cache whose time passes when a test says so."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import httpx
from jwt import PyJWK

from adapters.auth.keys import RemoteKeys
from tests.adapters.auth.provider import JwksServer

LIFESPAN = 300.0
INTERVAL = 2.0
DAY = 24 * 3600.0


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def cache(
    server: JwksServer, clock: Clock, timeout: float = 5.0
) -> AsyncGenerator[RemoteKeys, None]:
    """A cache of what the server publishes, with the times above."""
    async with (
        httpx.AsyncClient(trust_env=False, timeout=None) as http,
        RemoteKeys(
            server.url, http, clock, lifespan=LIFESPAN, min_interval=INTERVAL, timeout=timeout
        ) as keys,
    ):
        yield keys


async def lookups(keys: RemoteKeys, kids: list[str]) -> list[PyJWK | None]:
    """What the cache says when all of these are asked for at once."""
    found: list[PyJWK | None] = [None] * len(kids)

    async def ask(index: int, kid: str) -> None:
        found[index] = await keys.key(kid)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            for index, kid in enumerate(kids):
                tasks.start_soon(ask, index, kid)
    return found
