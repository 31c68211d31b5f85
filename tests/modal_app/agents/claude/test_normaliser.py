"""Lines that no recording has: what a run may show however the CLI behaves."""

from typing import Any

import pytest

from modal_app.agents.claude.lines import decode
from schema.execution import Done, Error, Status, Stream
from tests.modal_app.agents.claude.recording import (
    DONE,
    calls,
    events_of,
    failed,
    opened,
    piece,
    said,
    start,
)
from tests.modal_app.agents.claude.surviving import surviving_blocks


def test_pieces_that_were_lost_come_with_the_whole_block() -> None:
    events = events_of(start("m"), opened(0), piece("Hello"), said("m", "Hello, you"), DONE)
    assert [e for e in events if isinstance(e, Stream)] == [Stream("Hello", 1), Stream(", you", 1)]


def test_a_block_whose_pieces_were_wrong_is_said_anew() -> None:
    events = events_of(start("m"), opened(0), piece("Hxllo"), said("m", "Hello"), DONE)
    assert surviving_blocks(events) == ["Hello"]


def test_a_block_that_was_shown_is_not_shown_again_for_its_white_space() -> None:
    events = events_of(start("m"), opened(0), piece("Hello \n"), said("m", "Hello"), DONE)
    assert surviving_blocks(events) == ["Hello \n"]


def test_a_new_message_voids_what_the_last_one_left_unfinished() -> None:
    events = events_of(
        *(start("a"), opened(0), piece("Kept."), said("a", "Kept."), opened(1), piece("Lost", 1)),
        *(start("b"), opened(0), piece("Lost and found"), said("b", "Lost and found"), DONE),
    )
    assert surviving_blocks(events) == ["Kept.", "Lost and found"]
    assert [e.retract for e in events if isinstance(e, Status) and e.retract] == [2]


def test_an_answer_that_was_not_streamed_replaces_the_broken_one() -> None:
    events = events_of(start("a"), opened(0), piece("half"), said("b", "one"), said("b", "two"))
    assert surviving_blocks(events) == ["one", "two"]


def test_dropped_blocks_of_an_older_message_change_nothing() -> None:
    stop = {"type": "stream_event", "event": {"type": "message_stop"}}
    late = {**stop, "abandoned_blocks": {"api_message_id": "a", "from_block_index": 0}}
    events = events_of(said("a", "one"), said("b", "two"), late, DONE)
    assert surviving_blocks(events) == ["one", "two"]


def test_sub_agents_are_not_heard() -> None:
    inner = {"parent_tool_use_id": "call"}
    lines = [start("m"), opened(0), piece("x"), said("m", "x"), calls("Write"), DONE]
    assert events_of(*({**line, **inner} for line in lines)) == []


@pytest.mark.parametrize(
    "line",
    [
        {"type": "rate_limit_event"},
        {"type": "system"},
        {"type": "system", "subtype": "permission_denied", "tool_name": "Write"},
        {"type": "control_response", "response": {}},
        {"type": "assistant"},
        {"type": "assistant", "message": None},
        {"type": "assistant", "message": {"content": [{"type": "server_tool_use"}, {}]}},
        {"type": "stream_event"},
        {"type": "stream_event", "event": {"type": "content_block_delta", "index": "x"}},
        {"type": "stream_event", "event": {"type": "ping"}},
        {"type": "user", "message": {"content": "hello"}},
        {},
        [],
        None,
        7,
    ],
    ids=str,
)
def test_lines_that_say_nothing_to_us_are_passed_over(line: Any) -> None:
    assert events_of(line, DONE) == [Done("ok")]


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"type":"result"', b"[" * 100_000])
def test_bytes_that_are_no_line_are_none(raw: bytes) -> None:
    assert decode(raw) is None


def test_nothing_follows_the_end() -> None:
    assert events_of(DONE, DONE, said("m", "late"), failed()) == [Done("ok")]


def test_a_result_without_the_flag_is_judged_by_its_subtype() -> None:
    assert isinstance(events_of({"type": "result", "subtype": "success"})[-1], Done)
    assert isinstance(events_of({"type": "result", "subtype": "error"})[-1], Error)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("index.html", "index.html"),
        ("./src/../game.js", "game.js"),
        ("/workspace/assets/絵.png", "assets/絵.png"),
        ("/workspace", None),
        ("/workspace-of-others/a.js", None),
        ("/etc/passwd", None),
        ("../outside.js", None),
        ("/workspace/../etc/passwd", None),
        ("a\nb", None),
        ("a" * 600, None),
        ("", None),
        (7, None),
    ],
)
def test_only_paths_of_the_workspace_are_told(given: Any, told: str | None) -> None:
    (status,) = [e for e in events_of(calls("Write", file_path=given)) if getattr(e, "tool", None)]
    assert isinstance(status, Status)
    assert (status.tool, status.path) == ("Write", told)
    assert (told or "ファイル") in status.message
    assert "/etc" not in repr(status)


def test_the_directory_that_the_cli_names_is_the_workspace_too() -> None:
    init = {"type": "system", "subtype": "init", "cwd": "/private/mount"}
    events = events_of(init, calls("Read", file_path="/private/mount/game.js"))
    assert [e.path for e in events if isinstance(e, Status) and e.tool] == ["game.js"]


def test_a_call_is_told_once_and_progress_rises_to_its_bound() -> None:
    lines = [calls("Grep", f"call-{number // 2}", pattern="x") for number in range(40)]
    told = [e for e in events_of(*lines) if isinstance(e, Status) and e.tool]
    assert [status.progress for status in told] == [25, 35, 45, 55, 65, 75, 85, *[90] * 13]


def test_a_retry_is_told_and_is_no_end() -> None:
    retry = {"type": "system", "subtype": "api_retry", "attempt": 2, "max_retries": 3}
    (status, end) = events_of({**retry, "error_status": 529}, DONE)
    assert isinstance(status, Status)
    assert "2/3" in status.message
    assert end == Done("ok")
