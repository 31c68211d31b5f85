"""One run from its request to its terminal event: what a runner does.

Lock the project, check its files out, build the prompt, let the agent work, commit what it made.
Only a run that succeeded commits, and the terminal event is written when everything else is done.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import msgspec

from modal_app.journal import JournalWriter
from modal_app.layout import Layout, RunDirectory
from modal_app.ports import Agent, Edited, Wrote
from modal_app.prompt import commit_subject
from modal_app.runs.directories import remove_working_files
from modal_app.runs.liveness import STOPPED, failure
from modal_app.runs.preparation import prepare
from modal_app.runs.proposed import ProposedCode
from modal_app.runs.wanted import take_wanted_images
from modal_app.workspace.errors import WorkspaceBusy
from modal_app.workspace.workspace import Workspace
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import Done, Error, RunRequest, Status

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Execution:
    """A run in progress. `run` may be called once; `stop` at any time."""

    directory: RunDirectory
    layout: Layout
    request: RunRequest
    make_agent: Callable[[], Agent]
    journal: JournalWriter
    run_seconds: float
    _proposed: ProposedCode = field(default_factory=ProposedCode, init=False)
    _stoppable: asyncio.Task[object] | None = field(default=None, init=False)

    async def run(self) -> None:
        """Execute the request and write its end. Raises `WorkspaceBusy` before any entry."""
        started = monotonic()
        end = await self._end()
        await asyncio.to_thread(remove_working_files, self.directory)
        facts = {"code": end.code if isinstance(end, Error) else "DONE", "exit_code": end.exit_code}
        _log.info("run ended", extra={**facts, "elapsed_seconds": round(monotonic() - started, 2)})
        self.journal.append(end)

    def stop(self) -> None:
        """Stop the agent: the run ends as cancelled. Once its commit has begun it completes."""
        if self._stoppable is not None:
            self._stoppable.cancel()
            self._stoppable = None

    async def _end(self) -> Done | Error:
        self._stoppable = task = asyncio.current_task()
        try:
            return await self._perform()
        except asyncio.CancelledError:
            if task is not None:
                task.uncancel()
            return STOPPED
        except WorkspaceBusy:
            if self.journal.last_id == 0:
                raise
            return failure(ErrorCode.PROJECT_BUSY)
        except DreamCoreError as error:
            return failure(error.code, error.detail)
        except OSError:
            _log.exception("the sandbox failed")
            return failure(ErrorCode.SANDBOX_ERROR)
        except Exception:  # noqa: BLE001 - whatever breaks, the run must end with an event
            _log.exception("the run failed")
            return failure(ErrorCode.UNKNOWN_ERROR)
        finally:
            self._stoppable = None

    async def _perform(self) -> Done | Error:
        request = self.request
        workspace = Workspace(self.layout.data, request.user_id, request.project_id)
        with workspace.lock():
            deadline = asyncio.timeout(self.run_seconds)
            try:
                async with deadline:
                    outcome = await self._work(workspace)
            except TimeoutError:
                if deadline.expired():
                    return failure(ErrorCode.CLI_TIMEOUT)
                raise
            if isinstance(outcome, Error):
                return outcome
            return await self._commit(workspace, outcome)

    async def _work(self, workspace: Workspace) -> Done | Error:
        self.journal.append(Status("Sandbox connected"))
        task = await prepare(self.directory, self.layout.shared, self.request, workspace)
        self.journal.append(Status("Starting agent..."))
        async with aclosing(self.make_agent().run(task)) as events:
            async for event in events:
                if isinstance(event, Done | Error):
                    return event
                if isinstance(event, Wrote | Edited):
                    self._proposed.take(event)
                else:
                    self.journal.append(event)
        _log.error("the agent ended without an outcome")
        return failure(ErrorCode.UNKNOWN_ERROR)

    async def _commit(self, workspace: Workspace, outcome: Done) -> Done:
        self.journal.append(Status("Saving version history..."))
        # From here on the run completes: a stop that came in between would leave a version that
        # nobody was told of.
        self._stoppable = None
        # Nor has it a deadline of its own: git has one, and a thread that writes cannot be stopped.
        first = await workspace.head() is None
        work = self.directory.work
        images = await asyncio.to_thread(take_wanted_images, work)
        code = await asyncio.to_thread(self._proposed.against, workspace.directory, work)
        version = await workspace.commit(work, commit_subject(self.request.message))
        if version is None:
            return msgspec.structs.replace(outcome, version=None, code=None, images=())
        return msgspec.structs.replace(
            outcome, version=version, created=first, code=code, images=images
        )
