"""The programs that take part, each a process of its own on a free port of the loopback."""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_server
from tempfile import TemporaryFile

import psutil

READY_SECONDS = 30.0
STOP_SECONDS = 10.0
HEALTH = "/api/health"
DREAMCORE = (sys.executable, "-c", "from adapters.server.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Running:
    """A process that answers on `port`, the first time after `ready_after` seconds."""

    port: int
    process: psutil.Process
    ready_after: float

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Processor time so far, in user and in kernel mode, all threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def resident(self) -> int:
        """Resident memory in bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def upstream() -> Generator[Running, None, None]:
    """The paced execution endpoint."""
    port = _free_port()
    with _started([sys.executable, "-m", "benchmarks.upstream", str(port)], port) as running:
        yield running


@contextmanager
def plain(source: Running | None = None) -> Generator[Running, None, None]:
    """Plain Strawberry; its events come from `source`, or from its own memory."""
    port = _free_port()
    address = [f"{source.url}/generate"] if source else []
    with _started([sys.executable, "-m", "benchmarks.plain", str(port), *address], port) as running:
        yield running


@contextmanager
def gateway(data_dir: Path, execution: Running | None) -> Generator[Running, None, None]:
    """`dreamcore serve`; without `execution` it starts the execution application itself."""
    port = _free_port()
    settings = {"PORT": str(port), "DATA_DIR": str(data_dir), "AGENT": "offline"}
    if execution is not None:
        settings |= {
            "USE_MODAL": "true",
            "MODAL_ENDPOINT": f"{execution.url}/generate",
            "MODAL_INTERNAL_SECRET": "benchmark",
        }
    with _started([*DREAMCORE, "serve"], port, settings) as running:
        yield running


@contextmanager
def _started(
    command: list[str], port: int, settings: Mapping[str, str] = {}
) -> Generator[Running, None, None]:
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    since = time.monotonic()
    with (
        TemporaryFile() as errors,
        subprocess.Popen(
            command, env={**kept, **settings}, stdout=subprocess.DEVNULL, stderr=errors
        ) as process,
    ):
        try:
            if not _answers(process, port):
                errors.seek(0)
                raise ChildProcessError(errors.read().decode())
            yield Running(port, psutil.Process(process.pid), time.monotonic() - since)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait for an answer to anything; false when the process ends or takes too long."""
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with closing(HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)) as connection:
            try:
                connection.request("GET", HEALTH)
                connection.getresponse()
            except (OSError, HTTPException):
                time.sleep(0.002)
            else:
                return True
    return False


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
