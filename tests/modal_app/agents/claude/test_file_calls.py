"""Which calls of the agent's file tools are told as done."""

from typing import Any

import pytest

from modal_app.ports import Edited, Wrote
from schema.execution import Status
from tests.modal_app.agents.claude.recording import (
    DONE,
    calls,
    came_of,
    events_of,
    opened,
    piece,
    start,
)


def told(*lines: Any) -> list[Wrote | Edited]:
    return [event for event in events_of(*lines, DONE) if isinstance(event, Wrote | Edited)]


def writes(call_id: str = "w", **more: Any) -> dict[str, Any]:
    return calls("Write", call_id, **{"file_path": "a.js", "content": "1;", **more})


def test_a_call_is_told_after_its_result_and_once() -> None:
    events = events_of(writes(), came_of("w"), came_of("w"), DONE)
    assert events[-2:-1] == [Wrote("a.js", "1;")]
    assert told(writes(), came_of("w"), came_of("w")) == [Wrote("a.js", "1;")]


def test_an_edit_says_whether_it_was_meant_for_every_place() -> None:
    strings = {"file_path": "/workspace/a.js", "old_string": "1", "new_string": "2"}
    once, all_of_them = (
        calls("Edit", "e", **strings),
        calls("Edit", "f", **strings, replace_all=True),
    )
    assert told(once, all_of_them, came_of("f"), came_of("e")) == [
        Edited("a.js", "1", "2", everywhere=True),
        Edited("a.js", "1", "2"),
    ]


def test_an_edit_that_failed_is_not_told_and_its_repetition_is() -> None:
    strings = {"file_path": "a.js", "old_string": "1", "new_string": "2"}
    failed = (calls("Edit", "e", **strings), came_of("e", is_error=True))
    again = (calls("Edit", "f", **strings), came_of("f", is_error=False))
    assert told(*failed, *again) == [Edited("a.js", "1", "2")]


def test_text_that_is_taken_back_takes_no_carried_out_call_with_it() -> None:
    events = events_of(
        start("first"), opened(0), piece("Wri"), writes(), came_of("w"), start("second"), DONE
    )
    assert [event.retract for event in events if isinstance(event, Status)][-1] == 1
    assert [event for event in events if isinstance(event, Wrote)] == [Wrote("a.js", "1;")]


@pytest.mark.parametrize(
    "lines",
    [
        (writes(),),
        (writes(), came_of("other")),
        (writes(), came_of("w", is_error=True)),
        (came_of("w"), writes()),
        (writes(file_path="/etc/passwd"), came_of("w")),
        (writes(file_path="../a.js"), came_of("w")),
        (writes(content=None), came_of("w")),
        (writes(content=["x"]), came_of("w")),
        (calls("Edit", "w", file_path="a.js", old_string="1"), came_of("w")),
        (calls("Read", "w", file_path="a.js", content="1"), came_of("w")),
        (calls("MultiEdit", "w", file_path="a.js", edits=[{"old_string": "1"}]), came_of("w")),
        (calls("NotebookEdit", "w", notebook_path="a.ipynb", new_source="1"), came_of("w")),
        ({**writes(), "parent_tool_use_id": "agent"}, came_of("w")),
        (writes(), {**came_of("w"), "parent_tool_use_id": "agent"}),
    ],
    ids=range(14),
)
def test_what_was_not_done_or_is_no_file_call_of_ours_is_not_told(lines: Any) -> None:
    assert told(*lines) == []
