"""Starting, stopping and killing runners: detached processes that outlive this application."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from modal_app.layout import RunDirectory
from modal_app.runs.liveness import owner
from modal_app.runs.processes import send_signal

# Where the runner finds the lock that it inherits.
LOCK_DESCRIPTOR: Final = 3


class RunnerConfiguration(msgspec.Struct, frozen=True):
    """What a runner is told on its standard input: so the key is on no disk, in no environment."""

    agent: str
    run_seconds: float
    search_path: str = ""
    claude_bin: str | None = None
    api_key: str | None = None
    api_base_url: str | None = None
    network: Mapping[str, str] = msgspec.field(default_factory=dict)


class Launcher(Protocol):
    """The place where runners live. All methods block for a moment; call them off the loop."""

    def launch(self, run: RunDirectory, lock: int) -> None:
        """Start the runner of `run`; it inherits the held lock `lock`. Raises OSError."""
        ...

    def stop(self, run: RunDirectory) -> None:
        """Ask the runner to stop; nothing happens when it has gone."""
        ...

    def kill(self, run: RunDirectory) -> None:
        """End the runner without asking."""
        ...


@dataclass(slots=True)
class ProcessLauncher:
    """Runners as processes of this machine, each leading a session of its own."""

    configuration: RunnerConfiguration
    environment: Mapping[str, str]
    module: str = "modal_app.runner"
    _children: set[int] = field(default_factory=set)

    def launch(self, run: RunDirectory, lock: int) -> None:
        self.reap()
        reading, writing = os.pipe()
        try:
            argv = [sys.executable, "-m", self.module, str(run.path), str(LOCK_DESCRIPTOR)]
            actions = [
                (os.POSIX_SPAWN_DUP2, reading, 0),
                (
                    os.POSIX_SPAWN_OPEN,
                    1,
                    str(run.log),
                    os.O_WRONLY | os.O_CREAT | os.O_APPEND,
                    0o600,
                ),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, lock, LOCK_DESCRIPTOR),
            ]
            # Not `subprocess`: its objects believe to own the child and end or mourn it with us.
            child = os.posix_spawn(
                sys.executable,
                argv,
                dict(self.environment),
                file_actions=actions,
                setsid=True,
                setsigmask=[],
                setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM],
            )
            self._children.add(child)
            # Smaller than a pipe's buffer: this never waits.
            os.write(writing, msgspec.json.encode(self.configuration))
        finally:
            os.close(reading)
            os.close(writing)

    def stop(self, run: RunDirectory) -> None:
        if process := owner(run):
            send_signal(process, signal.SIGTERM)

    def kill(self, run: RunDirectory) -> None:
        if process := owner(run):
            try:
                os.killpg(process, signal.SIGKILL)
            except ProcessLookupError:
                return

    def reap(self) -> None:
        """Take the exit status of runners that ended, so that the kernel forgets them."""
        for child in list(self._children):
            try:
                ended, _ = os.waitpid(child, os.WNOHANG)
            except ChildProcessError:
                ended = child
            if ended:
                self._children.discard(child)
