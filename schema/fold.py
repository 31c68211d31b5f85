"""The state that a prefix of a generation's log amounts to."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from schema.events import Event, Output, OutputRetracted, Progress, Snapshot, ToolUse

_WRITING_TOOLS: Final = frozenset({"Write", "Edit", "MultiEdit", "NotebookEdit"})


@dataclass(slots=True)
class Fold:
    """Events folded so far, in an order-preserving form that later events can still correct.

    `outputs` are the surviving texts with their seq: a retraction may reach back behind a
    trimmed position, so the joined text alone would not do.
    """

    outputs: list[tuple[int, str]] = field(default_factory=list)
    percent: int = 0
    message: str | None = None
    tool: str | None = None
    files: list[str] = field(default_factory=list)

    def add(self, seq: int, event: Event) -> None:
        """Take in the event at `seq`; events come in the order of the log."""
        match event:
            case Output(text=text):
                self.outputs.append((seq, text))
            case OutputRetracted(from_seq=from_seq):
                while self.outputs and self.outputs[-1][0] >= from_seq:
                    self.outputs.pop()
            case Progress(percent=percent, message=message):
                self.percent = self.percent if percent is None else percent
                self.message = message
                self.tool = None if message else self.tool
            case ToolUse(tool=tool, path=path):
                self.tool = tool
                if path is not None and tool in _WRITING_TOOLS and path not in self.files:
                    self.files.append(path)
            case _:
                pass

    def snapshot(self) -> Snapshot:
        """What a client needs to know of everything taken in."""
        return Snapshot(
            text="".join(text for _, text in self.outputs),
            percent=self.percent,
            message=self.message,
            tool=self.tool,
            files=tuple(self.files),
        )


_DECODER: Final = msgspec.json.Decoder(Fold)


def encode_fold(fold: Fold) -> str:
    """The stored form of a fold, as JSON text."""
    return msgspec.json.encode(fold).decode()


def decode_fold(stored: str | bytes) -> Fold:
    """The inverse of `encode_fold`. Raises msgspec.DecodeError: the log is ours."""
    return _DECODER.decode(stored)
