"""Which text of the model stands: numbers for text blocks, and retractions. Pure.

The CLI streams a block in pieces and then repeats it whole. When the API's stream breaks, it drops
what was not complete and asks again, under a new message id or without streaming; what was shown
of the dropped blocks has to be withdrawn. Source: the broken streams of the recorded transcripts.
"""

from dataclasses import dataclass, field
from typing import Final

from schema.execution import ExecutionEvent, Status, Stream

RETRACTED: Final = "通信が途切れたため、続きを書き直しています"


@dataclass(slots=True)
class _TextBlock:
    """A text block of the current message. `number` is None until some of it was shown."""

    index: int
    number: int | None = None
    parts: list[str] = field(default_factory=list)
    confirmed: bool = False


class TextBlocks:
    """The text blocks of a run. Confirmed blocks of a message always come before the others, so
    what has to be withdrawn is always the tail of what was shown."""

    def __init__(self) -> None:
        self._message_id: str | None = None
        self._blocks: list[_TextBlock] = []
        self._last_number = 0

    def begin(self, message_id: str) -> list[ExecutionEvent]:
        """A message begins: what was not completed of the one before is void."""
        if message_id == self._message_id:
            return []
        void = [block for block in self._blocks if not block.confirmed]
        self._message_id, self._blocks = message_id, []
        return _retract(void)

    def open(self, index: int) -> None:
        """A text block of the current message begins."""
        self._blocks.append(_TextBlock(index))

    def extend(self, index: int, text: str) -> list[ExecutionEvent]:
        """A piece of the text block `index` of the current message."""
        block = next((block for block in self._blocks if block.index == index), None)
        if block is None:
            block = _TextBlock(index)
            self._blocks.append(block)
        return self._show(block, text)

    def confirm(self, message_id: str, text: str) -> list[ExecutionEvent]:
        """A block of `message_id` is complete: `text` is all of it, streamed before or not."""
        events = self.begin(message_id)
        block = next((block for block in self._blocks if not block.confirmed), None)
        if block is None:
            block = _TextBlock(self._blocks[-1].index + 1 if self._blocks else 0)
            self._blocks.append(block)
        shown = "".join(block.parts)
        block.confirmed = True
        if text.startswith(shown):
            return [*events, *self._show(block, text[len(shown) :])]
        if text.strip() == shown.strip():
            return events
        events += _retract([block])
        block.number, block.parts = None, []
        return [*events, *self._show(block, text)]

    def abandon(self, message_id: str, from_index: int) -> list[ExecutionEvent]:
        """The CLI has dropped the blocks of `message_id` from `from_index` on."""
        if message_id != self._message_id:
            return []
        void = [block for block in self._blocks if block.index >= from_index]
        self._blocks = [block for block in self._blocks if block.index < from_index]
        return _retract(void)

    def _show(self, block: _TextBlock, text: str) -> list[ExecutionEvent]:
        if not text:
            return []
        if block.number is None:
            self._last_number += 1
            block.number = self._last_number
        block.parts.append(text)
        return [Stream(text, block.number)]


def _retract(blocks: list[_TextBlock]) -> list[ExecutionEvent]:
    numbers = [block.number for block in blocks if block.number is not None]
    return [Status(RETRACTED, retract=min(numbers))] if numbers else []
