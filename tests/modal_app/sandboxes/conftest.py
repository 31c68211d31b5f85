"""A sandbox of each kind, commands for it, and a way to see what is still alive."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from modal_app.ports import Command
from modal_app.sandboxes.limits import Limits
from modal_app.sandboxes.local import LocalProcess, LocalSandbox

PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Sleepers:
    """Processes that wait for ever, recognisable among all others of the machine."""

    duration: str = field(default_factory=lambda: f"86400.{secrets.randbelow(10**12)}")

    @property
    def command(self) -> str:
        """Says `up` on standard output and sleeps, without a child of its own."""
        return f"sh -c 'echo up; exec sleep {self.duration}'"

    def alive(self) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if self.duration in " ".join(process.info["cmdline"] or ())
            and process.info["status"] != psutil.STATUS_ZOMBIE
        ]


@pytest.fixture(params=[None, ()], ids=["strongest isolation", "no namespace"])
def namespaces(request: pytest.FixtureRequest) -> tuple[str, ...] | None:
    """Everything must hold both ways."""
    kind: tuple[str, ...] | None = request.param
    return kind


@pytest.fixture
def sleepers() -> Sleepers:
    return Sleepers()


Running = Callable[..., AbstractAsyncContextManager[LocalProcess]]


@pytest.fixture
def running(namespaces: tuple[str, ...] | None, tmp_path: Path) -> Running:
    """Run a shell script in a sandbox; whatever is left of it ends with the block."""

    @asynccontextmanager
    async def run(
        script: str,
        *,
        limits: Limits | None = None,
        seconds: float = 60.0,
        environment: dict[str, str] | None = None,
    ) -> AsyncIterator[LocalProcess]:
        sandbox = LocalSandbox(limits, seconds, namespaces)
        command = Command(["sh", "-c", script], tmp_path, environment or {"PATH": PATH})
        process = await sandbox.start(command)
        try:
            yield process
        finally:
            await process.kill()

    return run
