"""The runner: a process of its own for one run, started as `python -m modal_app.runner RUN_DIR`.

It reads its configuration (JSON) from standard input, owns the agent and the journal, and nothing
of it depends on the application that started it. SIGTERM, or the run's `cancel` file, stops the
run; when everything fails, a timer of the interpreter ends the process and whoever looks next finds
it dead.
"""

import asyncio
import faulthandler
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from modal_app import logs
from modal_app.journal import JournalWriter
from modal_app.layout import Layout, RunDirectory
from modal_app.runs.directories import discard
from modal_app.runs.execution import Execution
from modal_app.runs.launcher import RunnerConfiguration
from modal_app.runs.selection import AGENTS, AgentFactory, make_agent
from modal_app.workspace.errors import WorkspaceBusy
from schema.execution import RunRequest

_CANCEL_POLL_SECONDS: Final = 0.5
# What a run may take for its commit and its end, beyond the time of the agent.
_COMMIT_SECONDS: Final = 90.0
_log: Final = logging.getLogger(__name__)


def main(arguments: Sequence[str], agents: Mapping[str, AgentFactory] = AGENTS) -> int:
    """Execute the run in `RUN_DIR [LOCK_DESCRIPTOR]`; 0 unless it could not even begin.

    Without a descriptor the lock is taken here. `agents` maps names to factories.
    """
    directory = RunDirectory(Path(arguments[0]).resolve())
    lock = _held_lock(directory, arguments[1:])
    if os.getpgrp() != os.getpid():
        os.setsid()
    os.ftruncate(lock, 0)
    os.pwrite(lock, b"%d" % os.getpid(), 0)
    logs.configure()
    configuration = msgspec.json.decode(sys.stdin.buffer.read(), type=RunnerConfiguration)
    faulthandler.dump_traceback_later(configuration.run_seconds + _COMMIT_SECONDS, exit=True)
    with JournalWriter(directory.journal) as journal:
        if not journal.closed:
            asyncio.run(_execute(directory, journal, configuration, agents))
    return 0


async def _execute(
    directory: RunDirectory,
    journal: JournalWriter,
    configuration: RunnerConfiguration,
    agents: Mapping[str, AgentFactory],
) -> None:
    execution = Execution(
        directory=directory,
        layout=Layout(directory.path.parent.parent),
        request=msgspec.json.decode(directory.request.read_bytes(), type=RunRequest),
        make_agent=lambda: make_agent(configuration, agents),
        journal=journal,
        run_seconds=configuration.run_seconds,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, execution.stop)
    async with asyncio.TaskGroup() as group:
        watcher = group.create_task(_watch_cancel(directory, execution))
        try:
            await execution.run()
        except WorkspaceBusy:
            _log.info("the project is busy")
            discard(directory)
        finally:
            watcher.cancel()


async def _watch_cancel(directory: RunDirectory, execution: Execution) -> None:
    """The way to stop a runner on another machine: the signal is only quicker."""
    while not directory.cancel.exists():  # noqa: ASYNC110 - nothing announces a file
        await asyncio.sleep(_CANCEL_POLL_SECONDS)
    execution.stop()


def _held_lock(directory: RunDirectory, rest: Sequence[str]) -> int:
    if rest:
        lock = int(rest[0])
        os.set_inheritable(lock, False)
        # What else the starter had open is not ours; its own lock would seem to be held for ever.
        os.closerange(lock + 1, os.sysconf("SC_OPEN_MAX"))
        return lock
    lock = os.open(directory.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
