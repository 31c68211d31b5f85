"""The fold of a log: what a snapshot holds."""

from schema.errors import ErrorCode
from schema.events import (
    Accepted,
    Event,
    Failed,
    Output,
    OutputRetracted,
    Progress,
    Snapshot,
    ToolUse,
)
from schema.fold import Fold, decode_fold, encode_fold


def fold(*events: Event) -> Fold:
    folded = Fold()
    for seq, event in enumerate(events, 1):
        folded.add(seq, event)
    return folded


def test_nothing_folds_to_the_empty_snapshot() -> None:
    assert fold().snapshot() == Snapshot()
    failed = Failed(ErrorCode.INTERNAL, "no", retryable=True)
    assert fold(Accepted(), failed).snapshot() == Snapshot()


def test_retracted_output_is_gone_and_what_follows_stays() -> None:
    folded = fold(
        Output("a", 1),
        Output("b", 2),
        ToolUse("Write", "kept.js"),
        Output("c", 2),
        OutputRetracted(2),
        Output("d", 3),
    )
    assert folded.snapshot() == Snapshot("ad", files=("kept.js",), tool="Write")


def test_a_second_retraction_reaches_behind_the_first() -> None:
    folded = fold(Output("a"), Output("b"), OutputRetracted(2), Output("c"), OutputRetracted(1))
    assert folded.snapshot().text == ""


def test_progress_keeps_its_percentage_when_only_the_text_moves() -> None:
    folded = fold(Progress(30, "reading"), Progress(None, "writing"))
    assert folded.snapshot() == Snapshot(percent=30, message="writing")


def test_a_tool_is_at_work_until_a_message_says_otherwise() -> None:
    folded = fold(Progress(30, "reading"), ToolUse("Bash"), Progress(40, ""))
    assert folded.snapshot().tool == "Bash"
    folded.add(4, Progress(None, "writing"))
    assert folded.snapshot() == Snapshot(percent=40, message="writing")


def test_files_are_what_writing_tools_named_in_order_of_first_write() -> None:
    folded = fold(
        ToolUse("Write", "b.js"),
        ToolUse("Read", "unread.js"),
        ToolUse("Edit", "a.js"),
        ToolUse("Write"),
        ToolUse("MultiEdit", "b.js"),
        ToolUse("NotebookEdit", "c.ipynb"),
    )
    assert folded.snapshot().files == ("b.js", "a.js", "c.ipynb")


def test_a_stored_fold_goes_on_like_one_that_was_never_stored() -> None:
    folded = fold(
        Output("ゲ🎮", 1), Progress(7, "x"), Output("lost", 2), ToolUse("Write", "é/a.js")
    )
    restored = decode_fold(encode_fold(folded))
    assert restored == folded
    for state in (folded, restored):
        state.add(5, OutputRetracted(3))
        state.add(6, Output("!", 3))
    expected = Snapshot("ゲ🎮!", 7, "x", ("é/a.js",), "Write")
    assert restored.snapshot() == folded.snapshot() == expected
