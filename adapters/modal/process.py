"""The execution application as a local process, for `USE_MODAL=false`.

It is a process of its own, so that neither shares the other's memory, credentials or crashes: a
gateway that comes back after a crash adopts the one it left, and one that dies is started anew.
Runs belong to neither: they are processes of their own and survive both.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

import anyio
import httpx

from adapters.modal.living import START_POLL_SECONDS, Living, start
from adapters.modal.process_files import Instance, ProcessFiles
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import GENERATE, RUN_EVENTS, SECRET_HEADER

logger = logging.getLogger(__name__)

COMMAND: Final = (sys.executable, "-m", "modal_app.server")

_NO_RUN: Final = "00000000-0000-0000-0000-000000000000"
_ADOPT_SECONDS: Final = 5.0
_PROBE_SECONDS: Final = 2.0
_STABLE_SECONDS: Final = 30.0
_BACKOFF_SECONDS: Final = 0.1
_LONGEST_BACKOFF_SECONDS: Final = 5.0

Sleep = Callable[[float], Awaitable[None]]


class ExecutionProcess:
    """A supervised local execution process. Make one with `open`."""

    def __init__(
        self,
        files: ProcessFiles,
        secret: str,
        environment: Mapping[str, str],
        command: Sequence[str],
    ) -> None:
        self.secret: Final = secret
        self._files: Final = files
        self._environment: Final = files.environment(environment)
        self._command: Final = command
        self._living: Living | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        directory: Path,
        environment: Mapping[str, str],
        *,
        command: Sequence[str] = COMMAND,
        sleep: Sleep = anyio.sleep,
    ) -> AsyncGenerator[Self, None]:
        """Adopt the execution process of `directory`, or start it; keep it alive until the end.

        `directory` (`DATA_DIR/execution`) holds its secret, state, lock and log. Of `environment`
        only `INHERITED` is passed on. Entered once it listens; leaving ends it, but not the
        runs that it has started. As with every task group, an exception of the body leaves in an
        ExceptionGroup. Raises `DreamCoreError(EXECUTION_UNAVAILABLE)` when it does not come up.
        """
        files = await asyncio.to_thread(ProcessFiles.prepare, directory)
        process = cls(files, files.read_secret(), environment, command)
        try:
            await process._bring_up()
            async with asyncio.TaskGroup() as group:
                supervision = group.create_task(process._supervise(sleep))
                try:
                    yield process
                finally:
                    supervision.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                if process._living is not None:
                    await process._living.end()

    @property
    def endpoint(self) -> str:
        """The present address of the generate route; it changes when the process is replaced."""
        return f"http://127.0.0.1:{self._instance.port}{GENERATE}"

    @property
    def pid(self) -> int:
        """The process id of the present process."""
        return self._instance.pid

    @property
    def _instance(self) -> Instance:
        assert self._living is not None, "only `open` makes one"
        return self._living.instance

    async def _supervise(self, sleep: Sleep) -> None:
        pause = _BACKOFF_SECONDS
        while self._living is not None:
            began = anyio.current_time()
            await self._living.gone()
            logger.error("the execution process ended", extra={"pid": self.pid})
            if anyio.current_time() - began > _STABLE_SECONDS:
                pause = _BACKOFF_SECONDS
            await sleep(pause)
            pause = min(2 * pause, _LONGEST_BACKOFF_SECONDS)
            try:
                await self._bring_up()
            except (DreamCoreError, OSError):
                logger.exception("the execution process cannot be started; trying again")

    async def _bring_up(self) -> None:
        """Start one, or adopt the one there is; one that does not answer us is replaced."""
        for _ in range(2):
            with self._files.try_lock() as lock:
                if lock is not None:
                    self._living = await start(self._files, lock, self._command, self._environment)
                    logger.info("started the execution process", extra={"pid": self.pid})
                    return
            if await self._adopt():
                logger.info("adopted the execution process", extra={"pid": self.pid})
                return
            await self._end_stranger()
        raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)

    async def _adopt(self) -> bool:
        """Take over a living process, whether it listens already or is about to."""
        with anyio.move_on_after(_ADOPT_SECONDS):
            while self._files.is_locked():
                found = self._files.read_state()
                status = await self._probe(found) if found is not None else None
                if found is not None and status == httpx.codes.NOT_FOUND:
                    self._living = Living(found, self._files)
                    return True
                if status is not None:
                    return False
                await anyio.sleep(START_POLL_SECONDS)
        return False

    async def _probe(self, instance: Instance) -> int | None:
        """The status of its answer to us: only with its secret does it look for the run."""
        address = f"http://127.0.0.1:{instance.port}{RUN_EVENTS.format(run_id=_NO_RUN)}"
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:
            try:
                answer = await http.get(
                    address, headers={SECRET_HEADER: self.secret}, timeout=_PROBE_SECONDS
                )
            except httpx.RequestError:
                return None
        return answer.status_code

    async def _end_stranger(self) -> None:
        """End a process that lives and does not answer us."""
        if self._files.is_locked() and (found := self._files.read_state()) is not None:
            logger.error("the execution process does not answer", extra={"pid": found.pid})
            await Living(found, self._files).end()
