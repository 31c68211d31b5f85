"""The real CLI when the model fails: one error, or a recovery that shows nothing twice."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.ports import AgentEvent, AgentTask, Sandbox
from schema.errors import ERRORS, ErrorCode
from schema.execution import Done
from tests.modal_app.agents.claude.running import Configure, all_events
from tests.modal_app.agents.claude.surviving import surviving_blocks, the_end, the_error
from tests.model_stub.script import Broken, Html, HttpError, Reply, Step, Text, ToolUse
from tests.model_stub.server import ModelStub, serve

PAGE = "<!doctype html>\n<title>Hi</title>\n"


def assert_told(events: list[AgentEvent], code: ErrorCode) -> None:
    """One error, in the words of its code."""
    error = the_error(events)
    assert (error.code, error.user_message) == (code, ERRORS[code].message)
    assert "scripted" not in repr(events)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (HttpError(401, "authentication_error"), ErrorCode.AUTH_ERROR),
        (HttpError(403, "permission_error"), ErrorCode.AUTH_ERROR),
        (HttpError(413, "request_too_large"), ErrorCode.PROMPT_TOO_LONG),
        (HttpError(429, "rate_limit_error"), ErrorCode.RATE_LIMIT),
        (HttpError(500), ErrorCode.CLI_GENERAL_ERROR),
        (HttpError(529, "overloaded_error"), ErrorCode.MODEL_OVERLOADED),
        (Html(), ErrorCode.CLI_GENERAL_ERROR),
        (Broken("disconnect"), ErrorCode.NETWORK_ERROR),
        (Broken("garbage"), ErrorCode.CLI_GENERAL_ERROR),
    ],
    ids=lambda value: getattr(value, "how", None) or str(getattr(value, "status", value)),
)
async def test_a_failing_model_is_one_error_with_a_readable_text(
    cli: Path, sandbox: Sandbox, task: AgentTask, step: Step, code: ErrorCode
) -> None:
    async with serve(lambda _: step) as stub:
        configuration = ClaudeConfiguration(cli, stub.api_key, stub.url, max_retries=0)
        assert_told(await all_events(sandbox, configuration, task), code)


@pytest.mark.parametrize("how", ["silence", "headerless"])
async def test_a_silent_model_is_given_up_in_time(
    cli: Path, sandbox: Sandbox, task: AgentTask, how: Any
) -> None:
    async with serve(lambda _: Broken(how)) as stub:
        configuration = ClaudeConfiguration(
            cli, stub.api_key, stub.url, max_retries=0, request_seconds=1, stream_idle_seconds=1
        )
        assert_told(await all_events(sandbox, configuration, task), ErrorCode.API_TIMEOUT)


async def test_a_wrong_key_is_not_tried_again_and_again(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    with anyio.fail_after(60):
        events = await all_events(sandbox, configure(api_key="wrong", max_retries=10), task)
    assert the_error(events).code == ErrorCode.AUTH_ERROR


async def test_an_unreachable_model_is_a_network_error(
    configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    async with serve() as gone:
        unreachable = gone.url
    configuration = configure(api_base_url=unreachable, max_retries=0)
    events = await all_events(sandbox, configuration, task)
    assert the_error(events).code == ErrorCode.NETWORK_ERROR


async def test_too_many_turns_are_an_error_of_their_own(
    cli: Path, sandbox: Sandbox, task: AgentTask
) -> None:
    busy = Reply(ToolUse("Glob", {"pattern": "*"}))
    async with serve(default=busy) as stub:
        configuration = ClaudeConfiguration(cli, stub.api_key, stub.url, max_turns=2)
        events = await all_events(sandbox, configuration, task)
    assert the_error(events).code == ErrorCode.MAX_TURNS


@pytest.mark.parametrize("how", ["eof", "disconnect", "garbage", "error_event"])
async def test_a_cut_stream_is_withdrawn_and_nothing_stands_twice(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask, how: str
) -> None:
    stub.extend(Broken(how, text="half an ans"), Reply(Text("the whole answer")))  # type: ignore[arg-type]
    events = await all_events(sandbox, configure(), task)
    assert the_end(events) == Done("the whole answer")
    assert surviving_blocks(events) == ["the whole answer"]


@pytest.mark.parametrize("how", ["eof", "garbage"])
async def test_what_was_complete_before_the_cut_stands(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask, how: str
) -> None:
    write = ToolUse("Write", {"file_path": "a.html", "content": PAGE})
    whole = (Text("A whole block."), write)
    stub.extend(Broken(how, text="lost", whole=whole), Reply(Text("the rest")))  # type: ignore[arg-type]
    events = await all_events(sandbox, configure(), task)
    assert the_end(events) == Done("the rest")
    assert surviving_blocks(events) == ["A whole block.", "the rest"]
    assert (task.workspace / "a.html").read_text() == PAGE
