"""Every recorded run of the CLI, replayed line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from modal_app.agents.claude.lines import decode
from modal_app.agents.claude.normaliser import Normaliser
from modal_app.ports import AgentEvent, Edited, Wrote
from schema.errors import ERRORS, ErrorCode
from schema.execution import Done, Error, Status
from tests.modal_app.agents.claude.surviving import surviving_blocks, the_end

TRANSCRIPTS = sorted(Path(__file__).with_name("transcripts").glob("*.jsonl"))
TRANSCRIPTS_BY_NAME = {path.stem: path for path in TRANSCRIPTS}
FAILED = {
    "error-400": ErrorCode.CLI_GENERAL_ERROR,
    "error-401": ErrorCode.AUTH_ERROR,
    "error-401-no-retries": ErrorCode.AUTH_ERROR,
    "error-404-model": ErrorCode.CLI_GENERAL_ERROR,
    "error-429-two-retries": ErrorCode.RATE_LIMIT,
    "error-500-two-retries": ErrorCode.CLI_GENERAL_ERROR,
    "error-529": ErrorCode.MODEL_OVERLOADED,
    "error-connection-refused": ErrorCode.NETWORK_ERROR,
    "error-html-gateway": ErrorCode.CLI_GENERAL_ERROR,
    "error-max-turns": ErrorCode.MAX_TURNS,
    "error-resume-unknown-session": ErrorCode.CLI_GENERAL_ERROR,
    "interrupted-sigint": ErrorCode.CLI_TERMINATED,
    "interrupted-sigint-in-bash": ErrorCode.CLI_TERMINATED,
    "interrupted-sigterm": ErrorCode.CLI_TERMINATED,
    "max-budget": ErrorCode.MAX_TURNS,
}
EXIT_STATUS = {"interrupted-sigterm": 143}


def replay(lines: list[bytes], exit_status: int) -> list[AgentEvent]:
    normaliser = Normaliser("/workspace")
    events: list[AgentEvent] = []
    for raw in lines:
        line = decode(raw)
        events += normaliser.feed(line) if line else []
    return [*events, *normaliser.finish(exit_status, spoke=bool(lines))]


def complete_texts(lines: list[dict[str, Any]]) -> list[str]:
    """The model's complete text blocks, read without any of the product's code."""
    messages = [
        line["message"]
        for line in lines
        if line["type"] == "assistant" and not line.get("is_api_error_message")
    ]
    blocks = [block for message in messages for block in message["content"]]
    return [block["text"] for block in blocks if block["type"] == "text"]


def streamed_texts(lines: list[dict[str, Any]]) -> str:
    """All deltas of the recording, whether they stood or not."""
    deltas = [line["event"].get("delta", {}) for line in lines if line["type"] == "stream_event"]
    return "".join(delta["text"] for delta in deltas if delta.get("type") == "text_delta")


@pytest.fixture(params=TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def transcript(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def events_of(transcript: Path) -> list[AgentEvent]:
    return replay(transcript.read_bytes().splitlines(), EXIT_STATUS.get(transcript.stem, 0))


def test_a_run_ends_once_and_as_it_was_recorded(transcript: Path) -> None:
    end = the_end(events_of(transcript))
    code = FAILED.get(transcript.stem)
    if code is None:
        assert isinstance(end, Done)
    else:
        assert isinstance(end, Error)
        assert (end.code, end.user_message) == (code, ERRORS[code].message)
        assert end.recoverable is ERRORS[code].retryable


def test_the_text_that_stands_is_the_models_and_stands_once(transcript: Path) -> None:
    lines = [json.loads(line) for line in transcript.read_bytes().splitlines()]
    events = events_of(transcript)
    # A CLI that was killed in the middle of a block had shown it and never completed it.
    killed = transcript.stem == "interrupted-sigterm"
    expected = [streamed_texts(lines)] if killed else complete_texts(lines)
    assert surviving_blocks(events) == expected
    end = events[-1]
    if isinstance(end, Done):
        assert end.result == lines[-1]["result"] == expected[-1]


def test_a_run_that_is_cut_anywhere_ends_once(transcript: Path) -> None:
    lines = transcript.read_bytes().splitlines()
    for length in range(len(lines)):
        events = replay(lines[:length], -9)
        the_end(events)
        surviving_blocks(events)


def test_every_tool_call_is_told_once_with_a_path_of_the_workspace(transcript: Path) -> None:
    lines = [json.loads(line) for line in transcript.read_bytes().splitlines()]
    blocks = [
        b for line in lines if line["type"] == "assistant" for b in line["message"]["content"]
    ]
    calls = [block for block in blocks if block["type"] == "tool_use"]
    told = [e for e in events_of(transcript) if isinstance(e, Status) and e.tool]
    assert [status.tool for status in told] == [call["name"] for call in calls]
    named = [call["input"].get("file_path") for call in calls]
    assert [status.path for status in told] == [
        None if path is None or path.startswith("/") else path for path in named
    ]


def test_progress_never_falls(transcript: Path) -> None:
    told = [e.progress for e in events_of(transcript) if isinstance(e, Status)]
    progress = [percent for percent in told if percent is not None]
    assert progress == sorted(progress)
    assert all(0 <= percent <= 90 for percent in progress)


def test_nothing_of_the_api_reaches_the_user(transcript: Path) -> None:
    spoken = [event for event in events_of(transcript) if isinstance(event, Status | Error)]
    for private in ("/workspace", "/home", "127.0.0.1", "API Error", "claude-opus", "sk-", "key"):
        assert private not in repr(spoken)


def test_of_the_file_calls_those_that_the_record_says_were_done_are_told(transcript: Path) -> None:
    lines = [json.loads(line) for line in transcript.read_bytes().splitlines()]
    done = [
        (result["type"], result["content"])
        for line in lines
        if isinstance(result := line.get("tool_use_result"), dict) and "content" in result
    ]
    told = [("create", call.content) for call in events_of(transcript) if isinstance(call, Wrote)]
    assert told == done


def test_file_calls_are_told_when_they_were_carried_out() -> None:
    page = "<link rel=stylesheet href=style.css><h1>Hi</h1>\n"
    events = events_of(TRANSCRIPTS_BY_NAME["success-thinking-multi-tools"])
    assert [event for event in events if isinstance(event, Wrote | Edited)] == [
        Wrote("index.html", page),
        Wrote("style.css", "h1{color:red}\n"),
        Edited("style.css", "red", "blue"),
    ]
    denied = events_of(TRANSCRIPTS_BY_NAME["tool-denied"])
    assert not any(isinstance(event, Wrote | Edited) for event in denied)
