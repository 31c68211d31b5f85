"""One CLI process from its prompt to its end."""

import asyncio
import logging
from asyncio import StreamReader
from collections.abc import Sequence
from typing import Final

import anyio

from modal_app.agents.claude.command import INTERRUPT, user_message
from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.agents.claude.failures import TIMEOUT_STATUS, failure
from modal_app.agents.claude.framing import LineSplitter
from modal_app.agents.claude.lines import ResultLine, decode
from modal_app.agents.claude.normaliser import Normaliser
from modal_app.ports import AgentEvent, SandboxedProcess
from schema.errors import ErrorCode
from schema.execution import Done, Error

_CHUNK_BYTES: Final = 2**18
LAST_WORDS_SECONDS: Final = 1.0
_STDERR_BYTES: Final = 2**13
_MAX_MEANINGLESS_LINES: Final = 10_000
_log: Final = logging.getLogger(__name__)


class Conversation:
    """Reads what the CLI says. `end` is the event that the run ends with, once it is known."""

    def __init__(
        self, process: SandboxedProcess, configuration: ClaudeConfiguration, workspace: str
    ) -> None:
        self.end: Done | Error | None = None
        self._process: Final = process
        self._configuration: Final = configuration
        self._normaliser: Final = Normaliser(workspace)
        self._splitter: Final = LineSplitter()
        self._loop: Final = asyncio.get_running_loop()
        self._deadline: Final = self._loop.time() + configuration.deadline_seconds
        self._spoke = False
        self._finished = False
        self._meaningless = 0
        self._stderr = b""

    async def ask(self, prompt: str) -> None:
        """Give the CLI its prompt."""
        try:
            async with asyncio.timeout_at(self._next_limit()):
                await self._write(user_message(prompt))
        except TimeoutError:
            self.end = self._too_late()

    async def listen(self) -> list[AgentEvent]:
        """The events of whatever the CLI says next; waits for it. Sets `end` at the end."""
        try:
            async with asyncio.timeout_at(self._next_limit()):
                chunk = await self._read()
        except TimeoutError:
            self.end = self._too_late()
            return []
        if chunk:
            self._spoke = True
            return self._understand(self._splitter.feed(chunk))
        events = self._understand(self._splitter.end())
        if self.end is None:
            self._finished = True
            self._take(self._normaliser.finish(await self._exit_status(), spoke=self._spoke))
        return events

    async def stop(self) -> None:
        """End the CLI: with patience after its result, else at once. Nothing of it is left then."""
        try:
            await self._leave()
        finally:
            await self._process.kill()
        if isinstance(self.end, Error):
            # It may have gone before its last words were read; nobody else can hold the pipe.
            with anyio.move_on_after(LAST_WORDS_SECONDS):
                await self._drain_stderr()
            self._report(self.end)

    async def _leave(self) -> None:
        configuration = self._configuration
        patience = configuration.grace_seconds
        if not self._finished:
            patience = configuration.interrupt_seconds
        with anyio.move_on_after(patience):
            if not self._finished:
                await self._write(INTERRUPT)
            self._process.stdin.close()
            await self._drained_exit()

    def _next_limit(self) -> float:
        return min(self._deadline, self._loop.time() + self._configuration.silence_seconds)

    def _too_late(self) -> Error:
        if self._loop.time() >= self._deadline:
            return failure(ErrorCode.CLI_TIMEOUT, TIMEOUT_STATUS)
        return failure(ErrorCode.API_TIMEOUT)

    async def _read(self) -> bytes:
        """The next chunk of standard output, while standard error is kept flowing.

        The task group lives no longer than this call: one that spans a `yield` of the generator
        could not be closed from another task.
        """
        async with asyncio.TaskGroup() as group:
            draining = group.create_task(self._drain_stderr())
            try:
                return await self._process.stdout.read(_CHUNK_BYTES)
            finally:
                draining.cancel()

    async def _drain_stderr(self) -> None:
        while chunk := await self._process.stderr.read(_CHUNK_BYTES):
            self._stderr = (self._stderr + chunk)[-_STDERR_BYTES:]

    def _understand(self, raw_lines: list[bytes]) -> list[AgentEvent]:
        events: list[AgentEvent] = []
        for raw in raw_lines:
            if self.end is not None:
                break
            line = decode(raw)
            if line is None:
                self._meaningless += not raw.startswith(b"{")
                if self._meaningless > _MAX_MEANINGLESS_LINES:
                    self.end = failure(ErrorCode.CLI_GENERAL_ERROR)
                continue
            self._finished = isinstance(line, ResultLine)
            events += self._take(self._normaliser.feed(line))
        return events

    def _take(self, events: Sequence[AgentEvent]) -> list[AgentEvent]:
        """Keep the end back: it may only be told when the CLI has gone."""
        for event in events:
            if isinstance(event, Done | Error):
                self.end = event
        return [event for event in events if event is not self.end]

    async def _write(self, line: bytes) -> None:
        if self._process.stdin.is_closing():
            return
        try:
            self._process.stdin.write(line)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has gone; its exit status says more

    async def _exit_status(self) -> int:
        with anyio.move_on_after(self._configuration.grace_seconds):
            return await self._process.wait()
        await self._process.kill()
        return await self._process.wait()

    async def _drained_exit(self) -> None:
        async with asyncio.TaskGroup() as group:
            draining = [
                group.create_task(_discard(self._process.stdout)),
                group.create_task(self._drain_stderr()),
            ]
            await self._process.wait()
            for task in draining:
                task.cancel()

    def _report(self, end: Error) -> None:
        text = self._stderr.decode(errors="replace")
        if key := self._configuration.api_key:
            text = text.replace(key, "[key]")
        _log.warning("the agent failed", extra={"code": end.code, "stderr": text})


async def _discard(stream: StreamReader) -> None:
    while await stream.read(_CHUNK_BYTES):
        pass
