"""From execution events to log events: the typed table, without I/O.

`status → progress, stream → output, done → completed, error → failed`
(`contract/legacy-modal.md` §4.3), refined by the extra fields of `schema/execution.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schema.errors import ERRORS, DreamCoreError, ErrorCode
from schema.events import (
    Cancelled,
    CodeProposed,
    Completed,
    Event,
    Failed,
    Mode,
    Output,
    OutputRetracted,
    Progress,
    Recorded,
    ToolUse,
)
from schema.execution import (
    CANCELLED,
    Code,
    Done,
    Error,
    Status,
    Stream,
    WantedImage,
)
from schema.models import SourceEdit, SourceFile

_KNOWN = {code.value: code for code in ErrorCode}


def failed(code: ErrorCode, message: str | None = None) -> Failed:
    """The terminal event for a code, with the table's text unless a better one is known."""
    text = ERRORS[code]
    return Failed(code, message or text.message, text.retryable)


def failed_by(error: DreamCoreError) -> Failed:
    """The terminal event for an expected failure of our own."""
    return Failed(error.code, error.message, error.retryable)


@dataclass(frozen=True, slots=True)
class Ending:
    """The terminal event, and the upstream position it came from, if it came from there.

    `before` is told with it, in one append: a position stands for all of an upstream event.
    `images` are still to be made.
    """

    event: Event
    source_id: str | None = None
    upstream: bool = False
    before: tuple[Event, ...] = ()
    images: tuple[WantedImage, ...] = ()

    def leading_to(self, version: str) -> "Ending":
        """The same success with a later version."""
        assert isinstance(self.event, Completed)
        return replace(self, event=replace(self.event, version=version))


def ending_of(event: Done | Error, source_id: str | None) -> Ending:
    """What the end of a run means."""
    match event:
        case Done():
            completed = _completed(event)
            before = (_proposed(event.code, completed),) if event.code else ()
            return Ending(completed, source_id, True, before, event.images)
        case Error(code=code) if code == CANCELLED:
            return Ending(Cancelled(), source_id, True)
        case Error(code=code, user_message=text):
            known = _KNOWN.get(code, ErrorCode.UNKNOWN_ERROR)
            return Ending(failed(known, text), source_id, True)


def said_as_interruption(ending: Ending) -> Ending:
    """A run that nobody knows any more, after our restart, was interrupted by it."""
    match ending.event:
        case Failed(code=ErrorCode.RUN_NOT_FOUND):
            return Ending(failed(ErrorCode.INTERRUPTED))
        case _:
            return ending


@dataclass(slots=True)
class Translator:
    """Translates one run, in order. `seq` is the last number of the log.

    It remembers where each text block began (a retraction names blocks, the log names numbers)
    and keeps progress from falling.
    """

    seq: int = 0
    percent: int = 0
    _block_began: dict[int, int] = field(default_factory=dict)

    def restore(self, recorded: Iterable[Recorded]) -> None:
        """Continue after events that an earlier writer stored."""
        for entry in recorded:
            self._note(entry.seq, entry.event)

    def emit(self, *events: Event) -> list[Event]:
        """Number events that do not come from execution."""
        for event in events:
            self._note(self.seq + 1, event)
        return list(events)

    def translate(self, event: Status | Stream) -> list[Event]:
        """The log events for one execution event; none when it says nothing new."""
        match event:
            case Status():
                return self.emit(*self._status(event))
            case Stream(content=content, block=block):
                return self.emit(Output(content, block)) if content else []

    def _status(self, status: Status) -> Iterable[Event]:
        if status.retract is not None:
            withdrawn = [seq for block, seq in self._block_began.items() if block >= status.retract]
            if withdrawn:
                yield OutputRetracted(min(withdrawn))
        if status.tool is not None:
            yield ToolUse(status.tool, status.path)
        rises = status.progress is not None and status.progress > self.percent
        if rises or (status.message and status.tool is None):
            percent = min(status.progress, 100) if rises and status.progress is not None else None
            yield Progress(percent, status.message)

    def _note(self, seq: int, event: object) -> None:
        self.seq = seq
        match event:
            case Output(block=block):
                self._block_began.setdefault(block, seq)
            case OutputRetracted(from_seq=from_seq):
                self._block_began = {
                    block: began for block, began in self._block_began.items() if began < from_seq
                }
            case Progress(percent=int(percent)):
                self.percent = max(self.percent, percent)


def _completed(done: Done) -> Completed:
    if done.version is None:
        return Completed(Mode.CHAT, done.result)
    return Completed(Mode.CREATE if done.created else Mode.EDIT, done.result, done.version)


def _proposed(code: Code, completed: Completed) -> CodeProposed:
    return CodeProposed(
        completed.mode,
        tuple(SourceFile(file.path, file.content) for file in code.files),
        tuple(SourceEdit(edit.path, edit.old_string, edit.new_string) for edit in code.edits),
        completed.message,
    )
