"""Serving the execution application: `dreamcore execution`, or `python -m modal_app.server`.

The second form is how a gateway starts one on loopback: with `--state-file PATH` it writes
`{"pid": …, "port": …}` there, atomically, once it listens.
"""

import argparse
import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import uvicorn

from modal_app import logs
from modal_app.asgi import create_app, drain
from modal_app.settings import Settings, SettingsError, load
from modal_app.skills import install_skills

GRACE_SECONDS: Final = 5
STALLED_MILLISECONDS: Final = 30_000

_log: Final = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """Tells who waits when it listens, and lets streams end before it waits for connections."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[int], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self.servers[0].sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


async def serve(
    settings: Settings,
    *,
    ready: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve on `settings.host` and `settings.port` (0: any free port) until SIGINT or SIGTERM.

    `ready` is called with the port once requests are accepted; setting `stop` ends it as a signal
    would. Streams end quickly and runs go on. Raises OSError when the address cannot be used, and
    RuntimeError when the application does not come up.
    """
    app = create_app(settings)
    await asyncio.to_thread(_install_skills, settings.layout.shared)
    with socket.create_server((settings.host, settings.port), backlog=2048) as listener:
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Accepted connections inherit it: a reader that stalls is dropped by the kernel.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MILLISECONDS)
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, ready or _announce, lambda: drain(app))
        async with asyncio.TaskGroup() as group:
            watcher = group.create_task(_end_on(stop, server))
            try:
                await server.serve(sockets=[listener])
            finally:
                watcher.cancel()
        if not server.started:
            raise RuntimeError("the application did not come up")


def run(settings: Settings, *, state_file: Path | None = None) -> None:
    """`serve` in an event loop of its own; `state_file` as described above."""

    def ready(port: int) -> None:
        if state_file is not None:
            write_state(state_file, port)
        _announce(port)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(settings, ready=ready))


def main(arguments: Sequence[str]) -> int:
    """The command line; 2 when the configuration is not usable."""
    parser = argparse.ArgumentParser(
        prog="modal_app.server", description="Serve the execution side."
    )
    parser.add_argument("--port", type=int, help="0 takes any free port")
    parser.add_argument("--state-file", type=Path, help="where to write pid and port")
    options = parser.parse_args(arguments)
    logs.configure()
    try:
        settings = load()
        if options.port is not None:
            settings = replace(settings, port=options.port)
        run(settings, state_file=options.state_file)
    except (SettingsError, OSError, OverflowError) as error:
        _log.error("cannot serve: %s", error)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def write_state(path: Path, port: int) -> None:
    """Put `{"pid", "port"}` of this process into `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    staging.write_bytes(msgspec.json.encode({"pid": os.getpid(), "port": port}))
    staging.replace(path)


def _install_skills(shared: Path) -> None:
    """A volume that only a deployment may write has its skills from there."""
    try:
        install_skills(shared)
    except OSError as error:
        _log.warning("skills not installed", extra={"errno": error.errno})


def _announce(port: int) -> None:
    _log.info("execution application listens", extra={"port": port})


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not made for every platform
        return None
    return uvloop.new_event_loop


async def _end_on(stop: asyncio.Event | None, server: uvicorn.Server) -> None:
    if stop is not None:
        await stop.wait()
        server.should_exit = True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
