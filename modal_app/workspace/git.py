"""The only place that starts git.

Repositories lie on volumes that untrusted code may have touched, so git gets nothing to obey:
an exact environment, no configuration but the repository's own (which `guard.py` rewrites),
and, above that, every setting that could name a program. Only plumbing commands are used, and
never a work tree or an index: attributes, filters, line endings and symbolic links have no part
in how bytes get in and out. Source: `contract/legacy-modal.md` §7 D-20, D-29, D-31.
"""

import logging
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Final

from modal_app.workspace.errors import WorkspaceFailed

_log: Final = logging.getLogger(__name__)

AUTHOR: Final = "Game Creator <gamecreator@dreamcore.app>"
TIMEOUT_SECONDS: Final = 60.0
MAX_OUTPUT_BYTES: Final = 16 * 2**20

_NOWHERE: Final = "/nonexistent"
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin",
    "HOME": _NOWHERE,
    "XDG_CONFIG_HOME": _NOWHERE,
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_AUTHOR_NAME": "Game Creator",
    "GIT_AUTHOR_EMAIL": "gamecreator@dreamcore.app",
    "GIT_COMMITTER_NAME": "Game Creator",
    "GIT_COMMITTER_EMAIL": "gamecreator@dreamcore.app",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
}
_SETTINGS: Final = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.bare=true",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.symlinks=false",
    "core.logAllRefUpdates=false",
    "core.fsync=committed,loose-object,reference",
    "core.fsyncMethod=batch",
    "core.alternateRefsCommand=",
    "protocol.allow=never",
    "pack.threads=1",
    "gc.auto=0",
    "advice.graftFileDeprecated=false",
    "maintenance.auto=false",
    "safe.directory=*",
)
_OPTIONS: Final = tuple(word for setting in _SETTINGS for word in ("-c", setting))


class GitFailed(WorkspaceFailed):
    """A git command ended with `status` (minus a signal's number: -9 after a timeout)."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status: Final = status


class Git:
    """Git commands on one git directory. Blocking: for worker threads."""

    def __init__(self, directory: Path) -> None:
        self.directory: Final = directory

    def run(self, *arguments: str, stdin: bytes = b"", limit: int = MAX_OUTPUT_BYTES) -> bytes:
        """What the command prints. `stdin` must fit a pipe.

        Raises `GitFailed`, and `WorkspaceFailed` when it prints more than `limit` bytes.
        """
        with self.opened(*arguments) as (writer, reader):
            writer.write(stdin)
            writer.close()
            output = reader.read(limit + 1)
            if len(output) > limit:
                raise WorkspaceFailed("The result is too large")
        return output

    def ask(self, *arguments: str) -> str | None:
        """One line of output; None when the command says no (status 1)."""
        try:
            return self.run(*arguments).decode().strip()
        except GitFailed as failure:
            if failure.status == 1:
                return None
            raise

    @contextmanager
    def opened(
        self, *arguments: str, timeout: float = TIMEOUT_SECONDS
    ) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """The command's stdin and stdout; it is waited for at the end, killed after `timeout`.

        Raises `GitFailed` at the end unless it succeeded.
        """
        with TemporaryFile() as errors:
            process = subprocess.Popen(
                ["git", f"--git-dir={self.directory}", *_OPTIONS, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_ENVIRONMENT,
                cwd=self.directory,
                start_new_session=True,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            timer = Timer(timeout, _kill, (process,))
            timer.start()
            try:
                # A broken pipe means that git has ended; its status says why.
                with suppress(BrokenPipeError):
                    yield process.stdin, process.stdout
                    process.stdin.close()
                process.wait()
            finally:
                timer.cancel()
                _kill(process)
                process.wait()
                with suppress(BrokenPipeError):
                    process.stdin.close()
                process.stdout.close()
            if process.returncode != 0:
                self._fail(arguments[0], process.returncode, errors)

    def _fail(self, command: str, status: int, errors: IO[bytes]) -> None:
        errors.seek(0)
        told = errors.read(2_000).decode(errors="replace")
        if status != 1 or told:
            _log.error("git failed", extra={"git": command, "status": status, "stderr": told})
        raise GitFailed(status)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git and its own children; nothing once it has been waited for."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
