"""A gateway that listens: for `dreamcore serve`, and inside `dreamcore generate`."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from adapters.graphql.drain import Drain
from adapters.server.compose import Connect, Gateway, open_gateway
from adapters.server.development import development_token
from adapters.server.ownership import announce
from adapters.server.server import Server, configure, listen
from adapters.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Serving:
    """A listening gateway. `token` is the development user's, None without embedded issuer."""

    url: str
    token: str | None
    gateway: Gateway


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
                group.create_task(server.serve(sockets=[listener]))
                try:
                    await server.ready.wait()
                    url = base_url(*listener.getsockname()[:2])
                    announce(settings.gateway_dir, url)
                    yield Serving(url, development_token(gateway.issuer), gateway)
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


def base_url(host: str, port: int) -> str:
    """Where a gateway that listens there is reached from this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
