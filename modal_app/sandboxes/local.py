"""A sandbox made of what the operating system offers to any program: for laptops and tests.

It confines processes (they end together, are limited and see only their environment), not the
file system or the network. The Modal sandbox does; `capabilities()` says what is missing here.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, SubprocessStreamProtocol
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from modal_app.ports import Command
from modal_app.sandboxes.limits import Isolation, Limits
from schema.execution import SANDBOX_SECONDS

_log: Final = logging.getLogger(__name__)

LINE_BYTES: Final = 64 * 2**20
_TREE: Final = Path(__file__).resolve().parents[2]
_LAUNCHER: Final = (
    f"import sys; sys.path.insert(0, {str(_TREE)!r}); "
    "from modal_app.sandboxes.launcher import main; main()"
)
_KILL_GRACE_SECONDS: Final = 10.0

# Strongest first. `proc` hides the other processes of this machine from the program.
_ROOT_LEVELS: Final = (("pid", "proc"), ("user", "pid", "proc"), ("pid",), ("user", "pid"))
_USER_LEVELS: Final = (("user", "pid", "proc"), ("user", "pid"))


class _Protocol(SubprocessStreamProtocol):
    """Knows the end of the process itself, however much output is still unread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit=LINE_BYTES, loop=loop)
        self.exited: Final = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


class LocalProcess:
    """A `SandboxedProcess`. `pid` is the launcher's, which ends last."""

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
        self._transport = transport
        self._protocol = protocol
        # The loop hands over a process whose pipes are connected.
        streams = asyncio.subprocess.Process(transport, protocol, asyncio.get_running_loop())
        assert streams.stdin is not None
        assert streams.stdout is not None
        assert streams.stderr is not None
        self.stdin: StreamWriter = streams.stdin
        self.stdout: StreamReader = streams.stdout
        self.stderr: StreamReader = streams.stderr
        self.pid: Final = transport.get_pid()

    async def wait(self) -> int:
        """The exit status; minus the signal's number when one ended it (a time limit: -9)."""
        await self._protocol.exited.wait()
        status = self._transport.get_returncode()
        assert status is not None
        return status

    async def kill(self) -> None:
        """End it and all that it has started; returns when nothing of it is left. Idempotent."""
        try:
            self.stop()
            async with asyncio.timeout(_KILL_GRACE_SECONDS):
                await self.wait()
        except TimeoutError:
            _log.warning("sandbox launcher did not stop in time", extra={"launcher": self.pid})
            self._signal(signal.SIGKILL)
            await self.wait()
        finally:
            if self._protocol.exited.is_set():
                self._transport.close()

    def stop(self) -> None:
        """Ask for the end without waiting for it."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._transport.send_signal(number)


class LocalSandbox:
    """Runs the commands of one run as limited processes that end together.

    A command gets its own session, a PID namespace where the kernel allows one, no capability,
    no way to gain one, and `limits`; after `seconds` of wall-clock time it is killed. It dies
    with the process that started it. `namespaces` overrides what would be found by trying.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        seconds: float = SANDBOX_SECONDS,
        namespaces: Sequence[str] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._seconds = seconds
        self._namespaces = None if namespaces is None else tuple(namespaces)

    async def start(self, command: Command) -> LocalProcess:
        """Raises OSError when the program, its directory or the isolation cannot be had."""
        return await self._launch(command, await self._strongest())

    async def capabilities(self) -> Isolation:
        """What holds a run on this machine; tried out once, then remembered."""
        namespaces = await self._strongest()
        linux = sys.platform == "linux"
        notes = ["Files and network are not confined by the local sandbox."]
        if "pid" not in namespaces:
            notes.append("No PID namespace: processes are found by descent when they must end.")
        if "proc" not in namespaces:
            notes.append("The program can see the other processes of its user.")
        if not linux:
            notes.append("No parent-death signal: a killed runner can leave processes behind.")
        if os.geteuid() == 0:
            notes.append("Runs as root (without capabilities); an ordinary user is safer.")
        return Isolation("pid" in namespaces, linux, True, tuple(notes))

    async def _strongest(self) -> tuple[str, ...]:
        if self._namespaces is None:
            self._namespaces = await self._probe()
        return self._namespaces

    async def _probe(self) -> tuple[str, ...]:
        levels = _ROOT_LEVELS if os.geteuid() == 0 else _USER_LEVELS
        nothing = Command([sys.executable, "-I", "-S", "-c", ""], Path("/"), {})
        for level in levels if sys.platform == "linux" else ():
            try:
                process = await self._launch(nothing, level)
            except OSError as refused:
                _log.info("isolation refused", extra={"level": level, "errno": refused.errno})
                continue
            try:
                if await process.wait() == 0:
                    return level
            finally:
                await process.kill()
        return ()

    async def _launch(self, command: Command, namespaces: Sequence[str]) -> LocalProcess:
        reader, writer = os.pipe()
        report = os.fdopen(reader, "rb")
        try:
            try:
                process = await self._spawn(command, namespaces, writer)
            finally:
                os.close(writer)
            with ExitStack() as undo:
                undo.callback(process.stop)
                failure = await _read_report(report)
                undo.pop_all()
        finally:
            report.close()
        if failure:
            await process.kill()
            raise OSError(int(failure), os.strerror(int(failure)), command.argv[0])
        return process

    async def _spawn(
        self, command: Command, namespaces: Sequence[str], report: int
    ) -> LocalProcess:
        launch = {
            "namespaces": list(namespaces),
            "limits": self._limits.named(),
            "seconds": self._seconds,
            "parent": os.getpid(),
            "report": report,
            # The interpreter coerces the C locale by setting this one.
            "unset": [] if "LC_CTYPE" in command.environment else ["LC_CTYPE"],
        }
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.subprocess_exec(
            lambda: _Protocol(loop),
            *(sys.executable, "-I", "-S", "-c", _LAUNCHER, json.dumps(launch), *command.argv),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=command.cwd,
            env=dict(command.environment),
            pass_fds=(report,),
            start_new_session=True,
        )
        return LocalProcess(transport, protocol)


async def _read_report(report: object) -> bytes:
    """What the launcher says until the program runs: nothing, or the number of its error."""
    loop = asyncio.get_running_loop()
    reader = StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), report
    )
    try:
        return await reader.read()
    finally:
        transport.close()
