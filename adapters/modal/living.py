"""A local execution process that runs: starting it, waiting for its end, ending it."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio

from adapters.modal.process_files import Instance, ProcessFiles
from schema.errors import DreamCoreError, ErrorCode

START_SECONDS: Final = 15.0
STOP_SECONDS: Final = 8.0
START_POLL_SECONDS: Final = 0.01

_LIFE_POLL_SECONDS: Final = 0.2
_SOURCE_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Living:
    """A listening execution process: our child, or (`child` is None) one that we found."""

    instance: Instance
    files: ProcessFiles
    child: Process | None = None

    async def gone(self) -> None:
        """Wait until it has ended."""
        if self.child is not None:
            await self.child.wait()
            return
        # The kernel tells only parents; everybody else can see the lock fall.
        while self.files.is_locked():  # noqa: ASYNC110
            await anyio.sleep(_LIFE_POLL_SECONDS)

    async def end(self) -> None:
        """End it, by force if it does not listen. Runs are processes of their own and go on."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._has_ended():
                return
            with suppress(ProcessLookupError):
                os.kill(self.instance.pid, number)
            with anyio.move_on_after(STOP_SECONDS):
                await self.gone()

    def _has_ended(self) -> bool:
        if self.child is not None:
            return self.child.returncode is not None
        return not self.files.is_locked()


async def start(
    files: ProcessFiles, lock: int, command: Sequence[str], environment: Mapping[str, str]
) -> Living:
    """Start one that holds `lock` as its empty input, and wait until it listens.

    Raises `DreamCoreError(EXECUTION_UNAVAILABLE)`, and leaves nothing running, when it ends first
    or takes longer than `START_SECONDS`; OSError when it cannot be started at all.
    """
    files.state.unlink(missing_ok=True)
    log = files.open_log()
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            *("--port", "0", "--state-file", str(files.state)),
            env=environment,
            cwd=_SOURCE_ROOT,
            # Of all descriptors the one that a runner, which outlives it, never inherits.
            stdin=lock,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    finally:
        os.close(log)
    listening = False
    try:
        with anyio.move_on_after(START_SECONDS):
            while child.returncode is None:
                found = files.read_state()
                if found is not None and found.pid == child.pid:
                    listening = True
                    return Living(found, files, child)
                await anyio.sleep(START_POLL_SECONDS)
    finally:
        if not listening and child.returncode is None:
            child.kill()
            with anyio.CancelScope(shield=True):
                await child.wait()
    raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
