"""Starting git on a bare repository that holds foreign objects.

The environment is exact and no configuration of the machine is read: nothing names a hook, a
helper or a remote. Only plumbing commands are used, so there is no work tree and no index either.
"""

import logging
import os
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Final

from schema.errors import DreamCoreError, ErrorCode

TIMEOUT_SECONDS: Final = 60.0
MAX_OUTPUT_BYTES: Final = 16 * 2**20

_NOWHERE: Final = "/nonexistent"
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin",
    "HOME": _NOWHERE,
    "XDG_CONFIG_HOME": _NOWHERE,
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
}
_SETTINGS: Final = (
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.bare=true",
    "core.fsmonitor=false",
    "core.logAllRefUpdates=false",
    "core.fsync=committed,loose-object,reference",
    "core.fsyncMethod=batch",
    "core.alternateRefsCommand=",
    "transfer.fsckObjects=true",
    "pack.threads=1",
    "gc.auto=0",
    "advice.graftFileDeprecated=false",
    "maintenance.auto=false",
    "safe.directory=*",
)
_OPTIONS: Final = tuple(word for setting in _SETTINGS for word in ("-c", setting))

logger = logging.getLogger(__name__)


class GitFailed(DreamCoreError):
    """A command ended with `status`: minus a signal's number after a timeout, None when there
    is no git, or when it said more than it was allowed to."""

    def __init__(self, status: int | None) -> None:
        super().__init__(ErrorCode.WORKSPACE_ERROR)
        self.status: Final = status


def run_git(
    directory: Path,
    *arguments: str,
    stdin: bytes | IO[bytes] = b"",
    limit: int = MAX_OUTPUT_BYTES,
) -> bytes:
    """What a command prints. Blocking: for worker threads.

    A file as `stdin` is read from where it stands. Raises `GitFailed`.
    """
    with TemporaryFile(buffering=0) as given, TemporaryFile() as errors:
        if isinstance(stdin, bytes):
            given.write(stdin)
            given.seek(0)
        try:
            process = subprocess.Popen(
                ["git", f"--git-dir={directory}", *_OPTIONS, *arguments],
                stdin=given if isinstance(stdin, bytes) else stdin,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_ENVIRONMENT,
                cwd=directory,
                start_new_session=True,
            )
        except OSError as error:
            logger.error("git cannot be started", extra={"why": type(error).__name__})
            raise GitFailed(None) from error
        output = _finish(process, limit)
        if process.returncode != 0:
            _report(arguments[0], process.returncode, errors)
            raise GitFailed(process.returncode)
    if len(output) > limit:
        logger.error("git said too much", extra={"git": arguments[0]})
        raise GitFailed(None)
    return output


def _finish(process: subprocess.Popen[bytes], limit: int) -> bytes:
    """Read up to one byte more than `limit`, and see the process off whatever happens."""
    assert process.stdout is not None
    timer = Timer(TIMEOUT_SECONDS, _kill, (process,))
    timer.start()
    try:
        with process.stdout as reader:
            output = reader.read(limit + 1)
            if len(output) <= limit:
                process.wait()
        return output
    finally:
        timer.cancel()
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git and its own children; nothing once it has been waited for."""
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _report(command: str, status: int, errors: IO[bytes]) -> None:
    errors.seek(0)
    told = errors.read(2_000).decode(errors="replace")
    # Status 1 without a word is an answer: there is no such object.
    if status != 1 or told:
        logger.warning("git failed", extra={"git": command, "status": status, "stderr": told})
