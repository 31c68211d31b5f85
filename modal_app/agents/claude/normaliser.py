"""From the CLI's lines to the events of the execution contract. Pure, no I/O."""

from collections.abc import Sequence
from typing import Final

from modal_app.agents.claude import failures
from modal_app.agents.claude.file_calls import FileCalls
from modal_app.agents.claude.lines import (
    AssistantLine,
    Block,
    Line,
    Message,
    ResultLine,
    StreamLine,
    SystemLine,
    UserLine,
)
from modal_app.agents.claude.text import TextBlocks
from modal_app.agents.claude.tools import describe, tool_name, workspace_path
from modal_app.ports import AgentEvent
from schema.errors import ErrorCode
from schema.execution import Done, Error, ExecutionEvent, Status

_STARTED: Final = "AIが作業を始めました"
_THINKING: Final = "AIが考えています"
_ANSWERING: Final = "AIが答えを書いています"
_WRITING_CODE: Final = "コードを書いています"
_RETRYING: Final = "AIモデルに接続し直しています（{}/{}）"

# A run has no known length: progress is a promise that something moves, and never falls.
_PROGRESS_STARTED: Final = 10
_PROGRESS_FIRST_OUTPUT: Final = 15
_PROGRESS_PER_TOOL: Final = 10
_PROGRESS_MAXIMUM: Final = 90


class Normaliser:
    """One run. Feed it every line in order, then `finish`; together they give exactly one end.

    `workspace` is the absolute path of the workspace. Lines of sub-agents are passed over, and so
    is everything after the end.
    """

    def __init__(self, workspace: str) -> None:
        self._roots = [workspace]
        self._text = TextBlocks()
        self._progress = 0
        self._tools_seen: set[str] = set()
        self._file_calls = FileCalls()
        self._cause: AssistantLine | None = None
        self._ended = False

    def feed(self, line: Line) -> Sequence[AgentEvent]:
        """The events of one line; the last of them is `Done` or `Error` when the run has ended."""
        if self._ended or line.parent_tool_use_id:
            return []
        events: Sequence[AgentEvent]
        match line:
            case SystemLine():
                events = self._system(line)
            case StreamLine():
                events = self._stream(line)
            case AssistantLine():
                events = self._assistant(line)
            case UserLine():
                events = self._file_calls.end(line.message.blocks)
            case ResultLine():
                events = [self._result(line)]
        self._ended = any(isinstance(event, Done | Error) for event in events)
        return events

    def finish(self, exit_status: int, *, spoke: bool) -> list[ExecutionEvent]:
        """The end of a run whose CLI ended without a result, else nothing.

        `spoke` says whether it had written anything to its standard output.
        """
        if self._ended:
            return []
        self._ended = True
        return [failures.of_exit(exit_status, spoke=spoke)]

    def _system(self, line: SystemLine) -> list[ExecutionEvent]:
        match line.subtype:
            case "init":
                if line.cwd:
                    self._roots.append(line.cwd)
                return [Status(_STARTED, self._advance(_PROGRESS_STARTED))]
            case "status" if line.status == "requesting":
                return [Status(_THINKING)]
            case "api_retry" if line.error_status == 401:
                # The CLI would go on for minutes with a key that is not going to get better.
                return [failures.failure(ErrorCode.AUTH_ERROR)]
            case "api_retry":
                return [Status(_RETRYING.format(line.attempt or 1, line.max_retries or 1))]
        return []

    def _stream(self, line: StreamLine) -> list[ExecutionEvent]:
        event, abandoned = line.event, line.abandoned_blocks
        match event.type:
            case "message_start" if event.message:
                return self._text.begin(event.message.id)
            case "message_stop" if abandoned:
                return self._text.abandon(abandoned.api_message_id, abandoned.from_block_index)
            case "content_block_start" if event.content_block:
                return self._block_start(event.index, event.content_block)
            case "content_block_delta" if event.delta and event.delta.type == "text_delta":
                shown = self._text.extend(event.index, event.delta.text or "")
                return [*self._first_output(), *shown] if shown else []
        return []

    def _block_start(self, index: int, block: Block) -> list[ExecutionEvent]:
        if block.type == "text":
            self._text.open(index)
        if block.type == "tool_use" and block.name == "Write":
            # A whole game can take a minute; the call itself is told when it is complete.
            return [*self._first_output(), Status(_WRITING_CODE)]
        return []

    def _assistant(self, line: AssistantLine) -> list[ExecutionEvent]:
        if line.synthetic:
            self._cause = line
            return []
        self._cause = None
        return [
            event for block in line.message.blocks for event in self._block(line.message, block)
        ]

    def _block(self, message: Message, block: Block) -> list[ExecutionEvent]:
        if block.type == "tool_use":
            return self._tool_use(block)
        if block.type == "text":
            shown = self._text.confirm(message.id, block.text or "")
            return [*self._first_output(), *shown] if shown else []
        return []

    def _tool_use(self, block: Block) -> list[ExecutionEvent]:
        if block.id is not None:
            if block.id in self._tools_seen:
                return []
            self._tools_seen.add(block.id)
        tool = tool_name(block.name)
        path = workspace_path(block.input, self._roots)
        self._file_calls.begin(block, path)
        first = self._first_output()
        progress = self._advance(self._progress + _PROGRESS_PER_TOOL)
        return [*first, Status(describe(tool, path), progress, tool, path)]

    def _result(self, line: ResultLine) -> Done | Error:
        if line.failed:
            return failures.of_result(line, self._cause)
        return Done(line.result)

    def _first_output(self) -> list[ExecutionEvent]:
        if self._progress >= _PROGRESS_FIRST_OUTPUT:
            return []
        return [Status(_ANSWERING, self._advance(_PROGRESS_FIRST_OUTPUT))]

    def _advance(self, progress: int) -> int:
        self._progress = max(self._progress, min(progress, _PROGRESS_MAXIMUM))
        return self._progress
