"""A gateway that listens: for `dreamcore serve`, and inside `dreamcore generate`."""

import asyncio
import signal
import socket
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from adapters.graphql.drain import Drain
from adapters.server.compose import Connect, Gateway, open_gateway
from adapters.server.ownership import announce
from adapters.server.server import Server, configure, listen
from adapters.server.settings import Settings

DEVELOPMENT_USER: Final = "00000000-0000-4000-8000-000000000001"
DEVELOPMENT_EMAIL: Final = "developer@localhost"
TOKEN_LIFETIME: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Serving:
    """A listening gateway. `token` is the development user's, None without embedded issuer."""

    url: str
    token: str | None
    gateway: Gateway
    stop: Callable[[], None]
    ended: asyncio.Task[None]


class _Server(Server):
    """A server whose owner handles signals."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override] # narrower
        return nullcontext()


@asynccontextmanager
async def serving(
    settings: Settings, connect: Connect | None = None, **options: Any
) -> AsyncGenerator[Serving, None]:
    """Serve for the block; leaving it drains the streams and closes everything.

    Raises `DirectoryInUse`, and OSError when the address is taken. Exceptions of the block leave
    in an ExceptionGroup.
    """
    drain = Drain()
    with listen(settings.host, settings.port) as listener:
        async with open_gateway(settings, drain, connect) as gateway:
            server = _Server(configure(gateway.app, lifespan="off", **options), drain)
            async with asyncio.TaskGroup() as group:
                task = group.create_task(server.serve(sockets=[listener]))
                try:
                    await server.ready.wait()
                    url = _url(listener)
                    announce(settings.gateway_dir, url)
                    yield Serving(url, _development_token(gateway), gateway, server.stop, task)
                finally:
                    server.stop()


@contextmanager
def on_signals(act: Callable[[], None]) -> Generator[None, None, None]:
    """Call `act` on SIGINT and SIGTERM for the block, in the running loop."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _development_token(gateway: Gateway) -> str | None:
    if gateway.issuer is None:
        return None
    return gateway.issuer.issue(DEVELOPMENT_USER, DEVELOPMENT_EMAIL, TOKEN_LIFETIME)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
