"""How `dreamcore generate` shows a generation: for people, or as one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TextIO

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text


class Renderer(Protocol):
    """Receives every event of a generation, in order."""

    def event(self, event: Mapping[str, Any]) -> None: ...

    def note(self, text: str) -> None: ...

    def close(self) -> None: ...


class JsonRenderer:
    """One line an event on standard output; notes go to standard error."""

    def __init__(self, output: TextIO = sys.stdout) -> None:
        self._output = output

    def event(self, event: Mapping[str, Any]) -> None:
        """Write the event as it came."""
        self._output.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._output.flush()

    def note(self, text: str) -> None:
        """Keep standard output machine-readable."""
        sys.stderr.write(text + "\n")

    def close(self) -> None:
        """Nothing is held back."""


class _LiveProgress(Progress):
    """A progress bar, and above it the line that is being written."""

    line = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """What is redrawn: everything else is printed once and scrolls away."""
        if self.line:
            yield Text(self.line)
        yield from super().get_renderables()


class TerminalRenderer:
    """Streamed text above a progress bar; plain whole lines where standard output is no terminal.

    All of it is text: what a model writes cannot style, and control characters cannot steer, the
    terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._said = ""
        self._after_tool = False
        self._bar = _LiveProgress(
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="cyan", markup=False),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=100)
        self._bar.start()

    def event(self, event: Mapping[str, Any]) -> None:
        """Show what the event means to somebody who watches."""
        match event["__typename"]:
            case "GenerationProgress":
                self._progress(event["percent"], event["message"])
            case "GenerationOutput":
                self._text(event["text"])
            case "GenerationOutputRetracted":
                self._bar.line = self._said = ""
                self._print("the model's answer broke off; it starts again", "yellow")
            case "GenerationToolUse":
                self._print(f"● {event['tool']} {event['path'] or ''}".rstrip(), "magenta")
            case "GenerationReply":
                self._text(event["reply"])
            case "GenerationCompleted":
                self._complete(event["closing"])
            case "GenerationCancelled":
                self._print("cancelled", "yellow")
            case "GenerationFailed":
                self._print(f"{event['error']} ({event['code']})", "red")
        self._after_tool = event["__typename"] == "GenerationToolUse"

    def note(self, text: str) -> None:
        """A line of its own."""
        self._print(text, "yellow")

    def close(self) -> None:
        """Print what is left and take the bar away."""
        self._flush()
        self._bar.stop()

    def _progress(self, percent: int | None, message: str) -> None:
        shown = _printable(message)
        known = self._bar.tasks[0].description == shown
        self._bar.update(self._task, completed=percent, description=shown or None)
        # The line of a tool has said already what the message after it repeats.
        if shown and not known and not self._after_tool:
            self._print(shown if percent is None else f"{shown} ({percent} %)", "dim")

    def _text(self, text: str) -> None:
        self._said += text
        *lines, self._bar.line = (self._bar.line + _printable(text)).split("\n")
        if lines:
            self._bar.refresh()
        for line in lines:
            self._write(line, "")

    def _complete(self, closing: str | None) -> None:
        self._flush()
        self._bar.update(self._task, completed=100)
        # Some agents close with what they have streamed already, others with something new.
        if closing and closing.strip() not in self._said:
            self._write(_printable(closing), "")
        self._print("done", "green")

    def _print(self, text: str, style: str) -> None:
        self._flush()
        self._write(text, style)

    def _flush(self) -> None:
        line, self._bar.line = self._bar.line, ""
        if line:
            self._bar.refresh()  # it would be drawn once more below the printed one
            self._write(line, "")

    def _write(self, text: str, style: str) -> None:
        # What is piped on keeps its lines; only a terminal wraps them.
        self._console.print(Text(_printable(text), style), soft_wrap=not self._console.is_terminal)


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
