"""From upstream objects to the contract's events (`contract/legacy-modal.md` §1.4-1.5)."""

import json
from typing import Any

import pytest

from adapters.modal.mapping import Mapper
from adapters.modal.paths import relative_path
from schema.errors import ERRORS, ErrorCode
from schema.execution import CANCELLED, Done, Error, ExecutionEvent, Status, Stream

HASH = "0123456789abcdef0123456789abcdef01234567"
PROJECT = (
    "/data/users/3f0c1c9a-0000-4000-8000-000000000001/projects/3f0c1c9a-0000-4000-8000-000000000002"
)
SECRETIVE = "Traceback: /root/app.py KeyError sk-ant-1"


def mapped(*objects: Any) -> list[ExecutionEvent]:
    mapper = Mapper()
    return [event for each in objects for event in mapper.map(json.dumps(each))]


def test_contract_events_keep_their_extra_fields() -> None:
    assert mapped(
        {"type": "status", "message": "m", "progress": 40, "tool": "Write", "path": "a/b.js"},
        {"type": "status", "retract": 3},
        {"type": "stream", "content": "text", "block": 2},
        {"type": "done", "result": "made", "version": HASH, "created": True, "exitCode": 0},
    ) == [
        Status("m", 40, "Write", "a/b.js"),
        Status(retract=3),
        Stream("text", 2),
        Done("made", HASH, created=True),
    ]


def test_fields_that_nobody_knows_yet_are_passed_over() -> None:
    assert mapped({"type": "stream", "content": "x", "later": {"a": []}}) == [Stream("x")]


@pytest.mark.parametrize(
    ("done", "event"),
    [
        ({}, Done()),
        ({"exit_code": 0}, Done()),
        ({"exit_code": 0, "duration_ms": 12, "generator": "gemini"}, Done()),
        ({"success": True}, Done()),
        ({"exit_code": 1}, ErrorCode.CLI_GENERAL_ERROR),
        ({"exitCode": 124}, ErrorCode.CLI_TIMEOUT),
        ({"exit_code": 137}, ErrorCode.CLI_KILLED),
        ({"exit_code": 143}, ErrorCode.CLI_TERMINATED),
        ({"exitCode": 0, "exit_code": 1}, ErrorCode.CLI_GENERAL_ERROR),
        ({"success": False}, ErrorCode.CLI_GENERAL_ERROR),
    ],
)
def test_done_succeeds_only_with_exit_code_zero(
    done: dict[str, Any], event: Done | ErrorCode
) -> None:
    [result] = mapped({"type": "done", **done})
    if isinstance(event, Done):
        assert result == event
    else:
        assert isinstance(result, Error)
        assert (result.code, result.user_message) == (event, ERRORS[event].message)
        assert result.recoverable is ERRORS[event].retryable


def test_an_exit_code_without_a_name_is_told_to_the_user() -> None:
    assert mapped({"type": "done", "exit_code": 77}) == [
        Error("CLI_UNKNOWN_ERROR", "予期しないエラーが発生しました (コード: 77)", False, 77)
    ]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"error": SECRETIVE}, Error("UNKNOWN_ERROR", "予期しないエラーが発生しました")),
        ({"message": SECRETIVE}, Error("UNKNOWN_ERROR", "予期しないエラーが発生しました")),
        (
            {"message": SECRETIVE, "code": "QUOTA_EXCEEDED"},
            Error("UNKNOWN_ERROR", "予期しないエラーが発生しました"),
        ),
        (
            {"message": SECRETIVE, "fallback": "cli", "debug": SECRETIVE},
            Error("UNKNOWN_ERROR", "予期しないエラーが発生しました"),
        ),
        (
            {"code": "RATE_LIMIT", "userMessage": "少し待ってください", "recoverable": False},
            Error("RATE_LIMIT", "少し待ってください", recoverable=False),
        ),
        (
            {"code": "CLI_TIMEOUT", "userMessage": None, "exitCode": 124},
            Error("CLI_TIMEOUT", "生成に時間がかかりすぎました（5分制限）", True, 124),
        ),
        (
            {"code": "ENOSPC", "userMessage": SECRETIVE, "recoverable": True},
            Error("UNKNOWN_ERROR", "予期しないエラーが発生しました", recoverable=True),
        ),
        (
            {"exitCode": 137, "error": SECRETIVE},
            Error("CLI_KILLED", "生成がキャンセルされました", True, 137),
        ),
        ({"code": CANCELLED}, Error(CANCELLED, "生成がキャンセルされました", recoverable=True)),
    ],
)
def test_errors_of_every_shape_become_one_with_a_text_for_users(
    error: dict[str, Any], expected: Error
) -> None:
    assert mapped({"type": "error", **error}) == [expected]


def test_a_whole_run_of_an_earlier_endpoint() -> None:
    assert mapped(
        {"type": "status", "message": "Starting Claude CLI..."},
        {"type": "system", "subtype": "init", "cwd": PROJECT},
        {"type": "system", "subtype": "compact_boundary"},
        {
            "type": "assistant",
            "message": {
                "content": [
                    {"type": "thinking", "thinking": "hm"},
                    {"type": "text", "text": "I write it."},
                    {
                        "type": "tool_use",
                        "name": "Write",
                        "input": {"file_path": f"{PROJECT}/js/game.js", "content": "x"},
                    },
                ]
            },
        },
        {"type": "user", "message": {"content": [{"type": "tool_result", "content": SECRETIVE}]}},
        {"type": "log", "content": SECRETIVE, "level": "warn"},
        {"type": "warning", "message": "Output limit reached (1000 lines)"},
        {"type": "result", "subtype": "success", "is_error": False, "result": "Done: a maze."},
        {"type": "debug", "exit_code": 0, "git_commit": "abc1234"},
        {"type": "done", "exit_code": 0},
    ) == [
        Status("Starting Claude CLI..."),
        Status("実行中..."),
        Stream("I write it."),
        Status(tool="Write", path="js/game.js"),
        Status("Output limit reached (1000 lines)"),
        Done("Done: a maze."),
    ]


def test_an_agent_that_reports_an_error_has_not_succeeded() -> None:
    done = {"type": "done", "exit_code": 0}
    failed = {"type": "result", "subtype": "error_during_execution", "is_error": True}
    assert mapped(failed, done) == [
        Error("CLI_GENERAL_ERROR", "生成中にエラーが発生しました", recoverable=False)
    ]
    [event] = mapped({"type": "result", "subtype": "error_max_turns", "is_error": True}, done)
    assert isinstance(event, Error)
    assert event.code == ErrorCode.MAX_TURNS


def test_a_summary_of_written_files_is_the_closing_text() -> None:
    summary = {"type": "result", "mode": "create", "files": [{"path": "a"}], "summary": "A maze"}
    assert mapped(summary, {"type": "done", "exit_code": 0}) == [Done("A maze")]


def test_unknown_types_are_ignored_and_counted() -> None:
    mapper = Mapper()
    for kind in ("stream_event", "rate_limit_event", "done!", ""):
        assert mapper.map(json.dumps({"type": kind, "content": 1})) == ()
    assert mapper.map('{"type":"log"}') == ()
    assert mapper.unknown == 4


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        (None, None),
        ("index.html", "index.html"),
        ("assets/a b.png", "assets/a b.png"),
        (f"{PROJECT}/specs/game.md", "specs/game.md"),
        (PROJECT, None),
        ("/etc/passwd", None),
        ("../other/index.html", None),
        (f"{PROJECT}/../../x", None),
    ],
)
def test_paths_are_told_relative_to_the_workspace_or_not_at_all(
    path: str | None, seen: str | None
) -> None:
    assert relative_path(path) == seen
    [status] = mapped({"type": "status", "message": "", "tool": "Write", "path": path})
    assert status == Status(tool="Write", path=seen)
