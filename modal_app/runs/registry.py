"""All runs of one execution application: start or join, follow, stop, clean up.

The directory on disk is the only state, so any process that sees the same disk can take over.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from shutil import rmtree
from typing import Final

import msgspec

from modal_app.journal import JournalWriter, follow, terminal_entry
from modal_app.journal_lines import Entry, JournalCorrupt
from modal_app.layout import Layout, RunDirectory
from modal_app.runs.directories import created, discard
from modal_app.runs.forestalled import forestall, is_forestalled
from modal_app.runs.launcher import Launcher
from modal_app.runs.liveness import failure, seal
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import CANCELLED, RunRequest

_FIRST_ENTRY_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.02
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Runs:
    """The registry. `stop_seconds` is how long a runner may take to stop before it is killed."""

    layout: Layout
    launcher: Launcher
    stop_seconds: float

    async def start(self, request: RunRequest) -> RunDirectory:
        """Start the run, or join the one that this `run_id` started; one runner ever starts.

        A run that was cancelled before it was started is joined as one that has ended. Returns
        once the run has its first entry, or after ten seconds. Raises IDEMPOTENCY_CONFLICT
        when the run belongs to another project, and PROJECT_BUSY when another run works on this
        project; then the run has left nothing behind and may be started again.
        """
        run = self.layout.run(request.run_id)
        try:
            await asyncio.to_thread(self._create_or_join, run, request)
            async with asyncio.timeout(_FIRST_ENTRY_SECONDS), aclosing(self.follow(run)) as batches:
                await anext(batches)
        except FileNotFoundError:
            raise DreamCoreError(ErrorCode.PROJECT_BUSY) from None
        except TimeoutError:
            _log.warning("runner is slow to speak", extra={"run_id": run.run_id})
        return run

    def find(self, run_id: str) -> RunDirectory:
        """Raises RUN_NOT_FOUND, and INVALID_INPUT for anything but a UUID."""
        run = self.layout.run(run_id)
        if not run.journal.exists():
            raise DreamCoreError(ErrorCode.RUN_NOT_FOUND)
        return run

    async def follow(
        self, run: RunDirectory, after: int = 0, *, ticks: bool = False
    ) -> AsyncGenerator[list[Entry], None]:
        """`journal.follow`, except that the death of the runner ends the run.

        Empty batches come only with `ticks`. Raises FileNotFoundError when the run is gone.
        """
        async with aclosing(follow(run.journal, after)) as batches:
            async for batch in batches:
                if not batch:
                    await asyncio.to_thread(seal, run)
                if batch or ticks:
                    yield batch

    async def cancel(self, run_id: str) -> str:
        """Stop the run; returns when its runner and all that it started are gone.

        One that is not known will not be started any more: see `forestalled.py`. `"cancelled"`, or
        `"ended"` when it came to another end first. Raises EXECUTION_UNAVAILABLE when the runner
        cannot be ended, and INVALID_INPUT for anything but a UUID.
        """
        run = self.layout.run(run_id)
        while not await asyncio.to_thread(forestall, self.layout, run):
            try:
                return await self._stop(run)
            except FileNotFoundError:
                # It was removed meanwhile: its project was busy, and it may be started again.
                _log.info("a run to be stopped was removed", extra={"run_id": run.run_id})
        return "cancelled"

    async def _stop(self, run: RunDirectory) -> str:
        """Raises FileNotFoundError when the run is gone."""
        if await asyncio.to_thread(terminal_entry, run.journal) is None:
            run.cancel.touch()
        if not await self._gone(run, self.launcher.stop):
            _log.warning("runner did not stop in time", extra={"run_id": run.run_id})
            if not await self._gone(run, self.launcher.kill):
                raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        last = await asyncio.to_thread(terminal_entry, run.journal)
        event = msgspec.json.decode(last.data, type=dict[str, object]) if last else {}
        return "cancelled" if event.get("code") == CANCELLED else "ended"

    def recover(self, retention_seconds: float) -> None:
        """End runs whose runner died, forget what is older than that. Blocks.

        At start-up and at any time after: others may start, read and remove runs meanwhile. What
        cannot be looked at is logged and left to the next time.
        """
        oldest = time.time() - retention_seconds
        for run in self.layout.all_runs():
            with _forgiven(run.run_id):
                ended = not _unfinished(run) or seal(run)
                if ended and run.journal.stat().st_mtime < oldest:
                    discard(run)
        for path in self.layout.leftovers():
            with _forgiven(path.name):
                if path.stat().st_mtime < oldest:
                    rmtree(path, ignore_errors=True)

    async def _gone(self, run: RunDirectory, tell: Callable[[RunDirectory], None]) -> bool:
        try:
            async with asyncio.timeout(self.stop_seconds):
                while True:
                    if await asyncio.to_thread(_sealed_or_told, run, tell):
                        return True
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            return False

    def _create_or_join(self, run: RunDirectory, request: RunRequest) -> None:
        if not run.path.exists():
            with created(self.layout, run, request) as lock:
                if lock is not None:
                    self._launch(run, lock)
                    return
        if is_forestalled(run):
            return
        stored = msgspec.json.decode(run.request.read_bytes(), type=RunRequest)
        if (stored.user_id, stored.project_id) != (request.user_id, request.project_id):
            raise DreamCoreError(ErrorCode.IDEMPOTENCY_CONFLICT)

    def _launch(self, run: RunDirectory, lock: int) -> None:
        try:
            self.launcher.launch(run, lock)
        except OSError:
            _log.exception("cannot start a runner", extra={"run_id": run.run_id})
            with JournalWriter(run.journal) as journal:
                journal.append(failure(ErrorCode.SANDBOX_ERROR))
        else:
            _log.info("runner started", extra={"run_id": run.run_id})


@contextmanager
def _forgiven(name: str) -> Generator[None, None, None]:
    try:
        yield
    except FileNotFoundError:
        return
    except OSError as error:
        told = {"run_id": name, "errno": error.errno}
        _log.warning("a run cannot be cleaned up", extra=told, exc_info=True)


def _sealed_or_told(run: RunDirectory, tell: Callable[[RunDirectory], None]) -> bool:
    if seal(run):
        return True
    tell(run)
    return False


def _unfinished(run: RunDirectory) -> bool:
    try:
        return run.work.exists() or terminal_entry(run.journal) is None
    except JournalCorrupt:
        return True
