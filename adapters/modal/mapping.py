"""From what an execution endpoint sends to the contract's events: a typed table, without I/O.

Texts that upstream wrote for logs (exception texts, paths) never become user texts: a user reads
`userMessage` where the code is known, else the table of `schema/errors.py`.
Source: `contract/legacy-modal.md` §1.4-1.5, §4.3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec
from msgspec.structs import replace

from adapters.modal import shapes
from adapters.modal.paths import relative_path
from adapters.modal.proposals import code_of, images_of
from schema.errors import ERRORS, DreamCoreError, ErrorCode
from schema.execution import CANCELLED, Done, Error, ExecutionEvent, Status, Stream
from schema.identifiers import is_git_hash

Shape = TypeVar("Shape")
Events = Iterable[ExecutionEvent]

WORKING: Final = "実行中..."

EXIT_CODES: Final[dict[int, ErrorCode]] = {
    1: ErrorCode.CLI_GENERAL_ERROR,
    124: ErrorCode.CLI_TIMEOUT,
    137: ErrorCode.CLI_KILLED,
    143: ErrorCode.CLI_TERMINATED,
}
_FAILED_RESULTS: Final = {"error_max_turns": ErrorCode.MAX_TURNS}
_CODES: Final = {code.value: code for code in ErrorCode}
_PATH_ARGUMENTS: Final = ("file_path", "path", "notebook_path")
_TAGGED: Final = msgspec.json.Decoder(shapes.Tagged)


@dataclass(slots=True)
class Mapper:
    """Maps one run, in order. `unknown` counts the events of types that we do not know.

    It remembers the agent's closing line, which earlier endpoints send before `done`.
    """

    unknown: int = 0
    closing: shapes.AgentResult | None = None

    def map(self, data: str) -> tuple[ExecutionEvent, ...]:
        """The events that one SSE `data` stands for, in order.

        Unknown types give none. Raises `DreamCoreError(EXECUTION_UNAVAILABLE)` for what is not a
        JSON object with a type, and for a known type that lacks its fields: passing over it would
        lose output or an ending.
        """
        try:
            row = _ROWS.get(_TAGGED.decode(data).type)
            if row is None:
                self.unknown += 1
                return ()
            return tuple(row(self, data))
        except (msgspec.DecodeError, RecursionError) as malformed:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from malformed


class _Row(Generic[Shape]):
    """How events of one type are read and what they become."""

    def __init__(self, shape: type[Shape], build: Callable[[Mapper, Shape], Events]) -> None:
        self._decode: Final = msgspec.json.Decoder(shape).decode
        self._build: Final = build

    def __call__(self, mapper: Mapper, data: str) -> Events:
        return self._build(mapper, self._decode(data))


def _status(_: Mapper, status: Status) -> Events:
    yield replace(status, path=relative_path(status.path))


def _stream(_: Mapper, stream: Stream) -> Events:
    yield stream


def _warning(_: Mapper, warning: shapes.Message) -> Events:
    yield Status(warning.message)


def _ignore(_: Mapper, __: shapes.Tagged) -> Events:
    return ()


def _agent_start(_: Mapper, line: shapes.AgentStart) -> Events:
    if line.subtype == "init":
        yield Status(WORKING)


def _agent_turn(_: Mapper, line: shapes.AgentTurn) -> Events:
    content = line.message.content
    blocks = [shapes.Block("text", content)] if isinstance(content, str) else content
    for block in blocks:
        if block.type == "text" and block.text:
            yield Stream(block.text)
        elif block.type == "tool_use" and block.name:
            yield Status(tool=block.name, path=_tool_path(block.input))


def _agent_result(mapper: Mapper, line: shapes.AgentResult) -> Events:
    mapper.closing = line
    return ()


def _done(mapper: Mapper, done: shapes.Ending) -> Events:
    closing = mapper.closing or shapes.AgentResult()
    exit_code = done.exit_code or done.legacy_exit_code or 0
    if closing.is_error:
        code = _FAILED_RESULTS.get(closing.subtype, _by_exit(exit_code or 1))
        yield _error(code, exit_code=exit_code or None)
    elif exit_code != 0:
        yield _error(_by_exit(exit_code), exit_code=exit_code)
    elif done.success is False:
        yield _error(ErrorCode.CLI_GENERAL_ERROR)
    elif done.version is not None and not is_git_hash(done.version):
        raise msgspec.ValidationError("version is not a commit hash")
    else:
        result = done.result or closing.result or closing.summary
        told = Done(result, done.version, done.created)
        if done.version is not None:
            told = replace(told, code=code_of(done.code), images=images_of(done.images))
        yield told


def _failure(_: Mapper, failure: shapes.Failure) -> Events:
    if failure.code == CANCELLED:
        text = ERRORS[ErrorCode.CLI_KILLED]
        yield Error(CANCELLED, failure.user_message or text.message, text.retryable)
        return
    known = _CODES.get(failure.code or "")
    by_exit = _by_exit(failure.exit_code) if failure.exit_code and not failure.code else None
    yield _error(
        known or by_exit or ErrorCode.UNKNOWN_ERROR,
        failure.user_message if known else None,
        failure.recoverable,
        failure.exit_code,
    )


def _error(
    code: ErrorCode,
    message: str | None = None,
    recoverable: bool | None = None,
    exit_code: int | None = None,
) -> Error:
    text = ERRORS[code]
    if message is None and code is ErrorCode.CLI_UNKNOWN_ERROR and exit_code is not None:
        message = f"{text.message} (コード: {exit_code})"
    if recoverable is None:
        recoverable = text.retryable
    return Error(code, message or text.message, recoverable, exit_code)


def _by_exit(exit_code: int) -> ErrorCode:
    return EXIT_CODES.get(exit_code, ErrorCode.CLI_UNKNOWN_ERROR)


def _tool_path(arguments: dict[str, object]) -> str | None:
    named = (arguments.get(name) for name in _PATH_ARGUMENTS)
    return relative_path(next((path for path in named if isinstance(path, str)), None))


_ROWS: Final[dict[str, Callable[[Mapper, str], Events]]] = {
    "status": _Row(Status, _status),
    "stream": _Row(Stream, _stream),
    "done": _Row(shapes.Ending, _done),
    "error": _Row(shapes.Failure, _failure),
    "warning": _Row(shapes.Message, _warning),
    "log": _Row(shapes.Tagged, _ignore),
    "debug": _Row(shapes.Tagged, _ignore),
    "user": _Row(shapes.Tagged, _ignore),
    "system": _Row(shapes.AgentStart, _agent_start),
    "assistant": _Row(shapes.AgentTurn, _agent_turn),
    "result": _Row(shapes.AgentResult, _agent_result),
}
