"""The innermost parent of a sandboxed program: a process of its own.

    python -I -S -c '… main()' '<JSON of what to launch>' program argument…

The launcher outlives neither its runner nor its program: when one of them ends, when the time is
up or when it is told to stop (SIGTERM), it ends everything that the program has started, waits
until nothing of it is left, and ends like the program: same exit status, same signal.

With a PID namespace the kernel does the ending: process 1 of the namespace is a reaper of ours,
and its death is the death of everything inside. Without one the launcher adopts orphans
(`PR_SET_CHILD_SUBREAPER`) and hunts descendants, so changing session or group does not help them.

Standard library only: it starts in milliseconds, and with the environment of the program.
"""

import errno
import json
import os
import resource
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

from modal_app.sandboxes import kernel

_STOPS: Final = (signal.SIGTERM, signal.SIGALRM)
# What the interpreter ignores or the launcher handles; a program expects the defaults.
_CHANGED_SIGNALS: Final = ("SIGPIPE", "SIGXFSZ", "SIGINT", "SIGTERM", "SIGALRM")


class Launcher:
    """One program and everything that comes of it."""

    def __init__(self, launch: dict[str, object], argv: list[str]) -> None:
        self._namespaces = set(_strings(launch["namespaces"]))
        self._limits = launch["limits"]
        self._parent = launch["parent"]
        self._seconds = float(str(launch["seconds"]))
        self._report = int(str(launch["report"]))
        for name in _strings(launch["unset"]):
            os.unsetenv(name)
        self._argv = argv
        self._stopping = False
        self._init: int | None = None
        self._program: int | None = None

    def run(self) -> NoReturn:
        """Start the program, wait for its end and end in the same way."""
        os.set_inheritable(self._report, False)
        for number in _STOPS:
            signal.signal(number, self._stop)
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if "pid" in self._namespaces:
                kernel.enter_namespaces(user="user" in self._namespaces)
            self._die_with_runner()
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
            status = self._in_namespace() if "pid" in self._namespaces else self._adopting()
        except OSError as error:
            self._fail(error)
        _end_like(status)

    def _die_with_runner(self) -> None:
        """The runner's death stops us; one that died before we could ask for it, too."""
        kernel.die_with_parent(signal.SIGTERM)
        if os.getppid() != self._parent:
            os._exit(1)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._init is not None:
            kernel.kill(self._init)
        else:
            self._hunt()

    def _hunt(self) -> None:
        if self._program is not None:
            kernel.kill_group(self._program)
        kernel.kill_descendants()

    def _hold_stops(self) -> None:
        """A stop comes before the fork, and there is none, or after its pid is known."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        if self._stopping:
            os._exit(1)

    def _in_namespace(self) -> int:
        """Process 1 reaps; it tells the program's status through a pipe that nobody inherits."""
        reader, writer = os.pipe()
        self._hold_stops()
        self._init = os.fork()
        if self._init == 0:
            self._be_init(writer)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        self._let_go()
        os.close(writer)
        ended = _wait(self._init)
        told = os.read(reader, 16)
        return int(told) if told else ended

    def _be_init(self, writer: int) -> NoReturn:
        _default_signals()
        try:
            kernel.die_with_parent(signal.SIGKILL)
            if "proc" in self._namespaces:
                kernel.mount_own_proc()
            program = self._fork_program()
        except OSError as error:
            self._fail(error)
        self._let_go()
        while True:
            pid, status = os.wait()
            if pid == program:
                os.write(writer, str(os.waitstatus_to_exitcode(status)).encode())
                os._exit(0)

    def _adopting(self) -> int:
        """Without a namespace: reap until no child is left, ending all once the program ended."""
        kernel.adopt_orphans()
        self._hold_stops()
        self._program = self._fork_program()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        self._let_go()
        result = -int(signal.SIGKILL)
        while True:
            try:
                pid, status = os.wait()
            except ChildProcessError:
                return result
            if pid == self._program:
                result = os.waitstatus_to_exitcode(status)
                self._stopping = True
            if self._stopping:
                self._hunt()

    def _fork_program(self) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            kernel.die_with_parent(signal.SIGKILL)
            kernel.give_up_privileges()
            self._apply_limits()
            _default_signals()
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            os.execvp(self._argv[0], self._argv)
        except OSError as error:
            self._fail(error)

    def _let_go(self) -> None:
        """What the program closes is closed: we hold none of its streams."""
        os.close(self._report)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)

    def _apply_limits(self) -> None:
        assert isinstance(self._limits, dict)
        for name, value in self._limits.items():
            which = getattr(resource, name)
            _, hard = resource.getrlimit(which)
            limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (limit, limit))

    def _fail(self, error: OSError) -> NoReturn:
        os.write(self._report, str(error.errno or errno.EIO).encode())
        os._exit(127)


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def _default_signals() -> None:
    for name in _CHANGED_SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _end_like(status: int) -> NoReturn:
    if status < 0:
        if -status not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status if status >= 0 else 128 - status)


def main() -> NoReturn:
    """Launch what the command line says."""
    Launcher(json.loads(sys.argv[1]), sys.argv[2:]).run()
