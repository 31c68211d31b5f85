"""How `dreamcore generate` shows a generation: for people, or as one JSON object a line."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


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


class TerminalRenderer:
    """A progress bar below streamed text; plain lines where standard output is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._line = ""
        self._bar = Progress(
            TextColumn("[cyan]{task.description}"),
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("waiting", total=100)
        self._bar.start()

    def event(self, event: Mapping[str, Any]) -> None:
        """Show what the event means to somebody who watches."""
        match event["__typename"]:
            case "GenerationProgress":
                self._progress(event["percent"], event["message"])
            case "GenerationOutput":
                self._text(event["text"])
            case "GenerationOutputRetracted":
                self._line = ""
                self.note("[yellow]the model's answer broke off; it starts again")
            case "GenerationToolUse":
                path = f" {escape(event['path'])}" if event["path"] else ""
                self.note(f"[magenta]{escape(event['tool'])}[/]{path}")
            case "GenerationCompleted":
                self._progress(100, "done")
                self._flush()
            case "GenerationCancelled":
                self.note("[yellow]cancelled")
            case "GenerationFailed" | "GenerationRefused":
                self.note(f"[red]{escape(event['error'])} ({event['code']})")

    def note(self, text: str) -> None:
        """A line of its own, in rich markup."""
        self._flush()
        self._console.print(text)

    def close(self) -> None:
        """Print what is left and take the bar away."""
        self._flush()
        self._bar.stop()

    def _progress(self, percent: int | None, message: str) -> None:
        changed = message and message != self._bar.tasks[0].description
        self._bar.update(
            self._task,
            completed=percent if percent is not None else self._bar.tasks[0].completed,
            description=escape(message) if message else self._bar.tasks[0].description,
        )
        if changed and not self._console.is_terminal:
            shown = f"{percent:3d} % " if percent is not None else "      "
            self.note(f"{shown}{escape(message)}")

    def _text(self, text: str) -> None:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._console.print(escape(line))

    def _flush(self) -> None:
        if self._line:
            self._console.print(escape(self._line))
            self._line = ""
