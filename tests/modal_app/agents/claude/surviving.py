"""What a user sees in the end: the streamed text without what was taken back."""

from collections.abc import Iterable, Sequence

from modal_app.ports import AgentEvent
from schema.execution import Done, Error, Status, Stream


def surviving_blocks(events: Iterable[AgentEvent]) -> list[str]:
    """The text of every block that stands, in order. Checks that retractions make sense."""
    blocks: dict[int, str] = {}
    newest = 0
    for event in events:
        if isinstance(event, Stream):
            assert event.content
            assert event.block in blocks or event.block == newest + 1, "a new block, a new number"
            newest = max(newest, event.block)
            blocks[event.block] = blocks.get(event.block, "") + event.content
        elif isinstance(event, Status) and event.retract is not None:
            assert event.retract in blocks, "only text that was shown is withdrawn"
            blocks = {number: text for number, text in blocks.items() if number < event.retract}
    return list(blocks.values())


def the_end(events: Sequence[AgentEvent]) -> Done | Error:
    """The only end event, which is the last event."""
    ends = [event for event in events if isinstance(event, Done | Error)]
    assert len(ends) == 1
    assert ends[0] is events[-1]
    return ends[0]


def the_error(events: Sequence[AgentEvent]) -> Error:
    """The only end event, which is an error with a text for users."""
    end = the_end(events)
    assert isinstance(end, Error), end
    assert end.user_message
    return end
