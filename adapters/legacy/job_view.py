"""From the log of a generation to the frames of a job: a view, without I/O.

One table, event type → frames. What the protocol cannot say is said as well as it can: text
that was taken back stays on the screen, so a retry line marks where the answer begins anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.legacy import frames
from adapters.legacy.frames import Frame
from adapters.legacy.texts import (
    ANSWERED,
    DETECTING_INTENT,
    IMAGES_READY,
    INTENT_PERCENT,
    QUESTION_ASKED,
    RESTORE_ASKED,
    RETRY_LINE,
    TOOL_LINE,
    TOOL_RUNNING,
)
from resolvers.forms import JobRow, job_row, json_text, result_form, timestamp
from resolvers.replies import DIMENSION_QUESTION
from schema.events import (
    Accepted,
    Cancelled,
    CodeProposed,
    Completed,
    Failed,
    ImagesReady,
    Mode,
    Output,
    OutputRetracted,
    Progress,
    ProjectRenamed,
    Recorded,
    Reply,
    RestoreProposed,
    Snapshot,
    Started,
    StreamGap,
    ToolUse,
    is_terminal,
)
from schema.models import Generation, GenerationStatus, Route


@dataclass(slots=True)
class JobView:
    """One reader's view of one job: the row as of the last event taken in.

    `route` may be open at first: what is said settles it.
    `text` is what a snapshot said of the past. `renamed` asks for a `projectRenamed` after the
    end; `ended` says that a terminal event was taken in.
    """

    route: Route
    row: JobRow
    text: str = ""
    renamed: bool = False
    ended: bool = False
    _replied: bool = field(default=False)
    _missed: bool = field(default=False)

    @classmethod
    def of(cls, generation: Generation) -> "JobView":
        """The view before any event."""
        return cls(generation.plan.route, job_row(generation))

    def take(self, recorded: Recorded) -> list[Frame]:
        """Bring the row up to date; the frames that tell a browser about it."""
        event = recorded.event
        self.ended = is_terminal(event)
        self._change(updated_at=timestamp(recorded.at))
        return FRAMES_OF[type(event)](self, event)

    def _change(self, **changes: Any) -> None:
        self.row = replace(self.row, **changes)

    def _progress(self, percent: int | None, message: str | None) -> Frame:
        reached = self.row.progress if percent is None else percent
        self._change(progress=reached, progress_message=message or None)
        return frames.progress(self.row)

    def _accepted(self, _: Accepted) -> list[Frame]:
        return []  # `jobStarted`, which answers the message, says it

    def _started(self, _: Started) -> list[Frame]:
        self._change(status=GenerationStatus.PROCESSING.value)
        return [frames.started(self.row), self._progress(INTENT_PERCENT, DETECTING_INTENT)]

    def _moved(self, event: Progress) -> list[Frame]:
        return [self._progress(event.percent, event.message)]

    def _output(self, event: Output) -> list[Frame]:
        self.route = Route.RUN
        return [frames.stream(event.text)]

    def _retracted(self, _: OutputRetracted) -> list[Frame]:
        return [frames.stream(RETRY_LINE)]

    def _tool(self, event: ToolUse) -> list[Frame]:
        self.route = Route.RUN
        running = self._progress(None, TOOL_RUNNING.format(tool=event.tool))
        return [frames.stream(TOOL_LINE.format(tool=event.tool)), running]

    def _code(self, event: CodeProposed) -> list[Frame]:
        return [frames.gemini_code(event)]

    def _reply(self, event: Reply) -> list[Frame]:
        self._replied = True
        if event == DIMENSION_QUESTION:
            self.route = Route.ASK_DIMENSION
        return [frames.gemini_chat(event)]

    def _restore(self, event: RestoreProposed) -> list[Frame]:
        return [frames.gemini_restore(event)]

    def _images(self, event: ImagesReady) -> list[Frame]:
        return [frames.images_generated(event, IMAGES_READY)]

    def _renamed(self, _: ProjectRenamed) -> list[Frame]:
        self.renamed = True
        return []  # told after the end, as browsers expect it

    def _completed(self, event: Completed) -> list[Frame]:
        closing = []
        if event.mode is Mode.RESTORE:
            closing = [self._progress(100, RESTORE_ASKED)]
        elif event.mode is Mode.CHAT:
            asked = self.route is Route.ASK_DIMENSION
            closing = [self._progress(100, QUESTION_ASKED if asked else ANSWERED)]
        result = result_form(self.route, event, replied=self._replied)
        self._change(
            status=GenerationStatus.COMPLETED.value, progress=100, result=json_text(result)
        )
        return [*closing, frames.completed(self.row, result), frames.game_updated(self.row)]

    def _failed(self, event: Failed) -> list[Frame]:
        self._change(status=GenerationStatus.FAILED.value, error=event.message)
        return [frames.failed(self.row, event)]

    def _cancelled(self, _: Cancelled) -> list[Frame]:
        self._change(status=GenerationStatus.CANCELLED.value)
        return [frames.cancelled(self.row)]

    def _gap(self, _: StreamGap) -> list[Frame]:
        self._missed = True
        return []  # a snapshot follows

    def _snapshot(self, event: Snapshot) -> list[Frame]:
        """In the middle of a stream it stands for a retraction, or for events that are gone."""
        said = RETRY_LINE + (event.text if self._missed else "")
        self.text, self._missed = event.text, False
        self._change(status=GenerationStatus.PROCESSING.value)
        percent = event.percent or INTENT_PERCENT
        running = TOOL_RUNNING.format(tool=event.tool) if event.tool else event.message
        return [frames.stream(said), self._progress(percent, running or DETECTING_INTENT)]


FRAMES_OF: Final[dict[type, Callable[[JobView, Any], list[Frame]]]] = {
    Accepted: JobView._accepted,
    Started: JobView._started,
    Progress: JobView._moved,
    Output: JobView._output,
    OutputRetracted: JobView._retracted,
    ToolUse: JobView._tool,
    CodeProposed: JobView._code,
    Reply: JobView._reply,
    RestoreProposed: JobView._restore,
    ImagesReady: JobView._images,
    ProjectRenamed: JobView._renamed,
    Completed: JobView._completed,
    Failed: JobView._failed,
    Cancelled: JobView._cancelled,
    Snapshot: JobView._snapshot,
    StreamGap: JobView._gap,
}
