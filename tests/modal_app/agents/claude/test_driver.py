"""CLIs that behave badly: small programs in the place of the real one, as real processes."""

import asyncio
import json
import logging
import os
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.agents.claude.driver import ClaudeAgent
from modal_app.ports import AgentTask, Sandbox
from schema.errors import ErrorCode
from schema.execution import Done, Status
from tests.modal_app.agents.claude.running import all_events, processes_of
from tests.modal_app.agents.claude.surviving import the_end, the_error

INIT = """echo '{"type":"system","subtype":"init"}'\n"""
RESULT = """echo '{"type":"result","subtype":"success","is_error":false,"result":"ok"}'\n"""
HEAR = "read -r prompt\n"
STAY = "exec tail -f /dev/null\n"
Program = Callable[[str], ClaudeConfiguration]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A configuration whose CLI is a shell script, and that has little patience."""

    def make(script: str) -> ClaudeConfiguration:
        path = tmp_path / "cli"
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return ClaudeConfiguration(path, "a-secret-key", grace_seconds=0.3, interrupt_seconds=0.3)

    return make


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 1\n", ErrorCode.CLI_SPAWN_ERROR),
        ("echo no such flag >&2; exit 1\n", ErrorCode.CLI_SPAWN_ERROR),
        (HEAR + "exit 0\n", ErrorCode.CLI_SPAWN_ERROR),
        (HEAR + INIT + "exit 0\n", ErrorCode.CLI_GENERAL_ERROR),
        (HEAR + "echo not json; exit 1\n", ErrorCode.CLI_GENERAL_ERROR),
        (HEAR + INIT + "exit 42\n", ErrorCode.CLI_UNKNOWN_ERROR),
        (HEAR + INIT + "exit 124\n", ErrorCode.CLI_TIMEOUT),
        (HEAR + INIT + "kill -KILL $$\n", ErrorCode.CLI_KILLED),
        (HEAR + INIT + "kill -TERM $$\n", ErrorCode.CLI_TERMINATED),
        (HEAR + "yes garbage\n", ErrorCode.CLI_GENERAL_ERROR),
    ],
)
async def test_an_end_without_a_result_is_one_error(
    program: Program, sandbox: Sandbox, task: AgentTask, script: str, code: ErrorCode
) -> None:
    assert the_error(await all_events(sandbox, program(script), task)).code == code


async def test_a_cli_that_is_not_there_is_one_error(
    sandbox: Sandbox, task: AgentTask, tmp_path: Path
) -> None:
    configuration = ClaudeConfiguration(tmp_path / "missing")
    (error,) = await all_events(sandbox, configuration, task)
    assert the_error([error]).code == ErrorCode.CLI_SPAWN_ERROR


async def test_a_silent_cli_is_given_up(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    configuration = replace(program(HEAR + INIT + STAY), silence_seconds=0.5)
    assert the_error(await all_events(sandbox, configuration, task)).code == ErrorCode.API_TIMEOUT


async def test_a_cli_that_never_reads_its_prompt_is_given_up(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    configuration = replace(program(STAY), silence_seconds=0.5)
    events = await all_events(sandbox, configuration, replace(task, prompt="x" * 2**22))
    assert the_error(events).code == ErrorCode.API_TIMEOUT


async def test_a_cli_that_talks_for_ever_meets_the_deadline(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    configuration = replace(program(HEAR + """yes '{"type":"user"}'\n"""), deadline_seconds=0.5)
    error = the_error(await all_events(sandbox, configuration, task))
    assert (error.code, error.exit_code) == (ErrorCode.CLI_TIMEOUT, 124)


async def test_garbage_between_the_lines_does_no_harm(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    garbage = "echo warning; echo '{\"half'; printf '\\377\\n\\n'\n"
    events = await all_events(sandbox, program(HEAR + garbage + INIT + garbage + RESULT), task)
    assert [type(event) for event in events] == [Status, Done]


async def test_a_result_without_a_line_end_counts(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    script = HEAR + RESULT.replace("echo ", "printf %s ")
    assert the_end(await all_events(sandbox, program(script), task)) == Done("ok")


async def test_a_flood_on_standard_error_neither_blocks_nor_is_shown(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    flood = "yes 'a-secret-key in /private/path' | head -c 150000000 >&2\n"
    events = await all_events(sandbox, program(HEAR + flood + RESULT), task)
    assert events == [Done("ok")]


async def test_the_log_tells_of_a_failure_without_the_key(
    program: Program, sandbox: Sandbox, task: AgentTask, caplog: pytest.LogCaptureFixture
) -> None:
    script = HEAR + INIT + "echo refused a-secret-key >&2; exit 1\n"
    with caplog.at_level(logging.WARNING):
        await all_events(sandbox, program(script), task)
    (record,) = [record for record in caplog.records if "claude" in record.name]
    assert record.__dict__["code"] == ErrorCode.CLI_GENERAL_ERROR
    assert record.__dict__["stderr"] == "refused [key]\n"


async def test_a_cli_that_stays_after_its_result_is_ended(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    assert the_end(await all_events(sandbox, program(HEAR + RESULT + STAY), task)) == Done("ok")


async def test_a_cli_that_exits_only_when_its_input_ends_needs_no_patience(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    configuration = replace(program(HEAR + RESULT + "cat\n"), grace_seconds=600)
    assert the_end(await all_events(sandbox, configuration, task)) == Done("ok")


async def test_closing_ends_a_cli_that_does_not_want_to(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    stubborn = "trap '' TERM INT HUP; setsid tail -f /dev/null & \n"
    configuration = program(HEAR + stubborn + INIT + "while :; do read -r line; done\n")
    async with aclosing(ClaudeAgent(sandbox, configuration).run(task)) as events:
        assert isinstance(await anext(events), Status)
        assert len(processes_of(task)) >= 2
    assert processes_of(task) == []


async def test_closing_interrupts_first(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    heard = task.workspace / "heard.json"
    script = HEAR + INIT + f'read -r line; echo "$line" > {heard}\n'
    configuration = replace(program(script), interrupt_seconds=600)
    async with aclosing(ClaudeAgent(sandbox, configuration).run(task)) as events:
        await anext(events)
    request = json.loads(heard.read_text())
    assert request["type"] == "control_request"
    assert request["request"] == {"subtype": "interrupt"}


@pytest.mark.parametrize("prompt", ["二行\nの依頼", "/clear", "@/etc/hostname", "half \ud83d pair"])
async def test_the_prompt_arrives_whole_and_to_be_taken_literally(
    program: Program, sandbox: Sandbox, task: AgentTask, prompt: str
) -> None:
    heard = task.workspace / "heard.json"
    configuration = program(f"{HEAR}printf '%s' \"$prompt\" > {heard}\n{RESULT}")
    await all_events(sandbox, configuration, replace(task, prompt=prompt))
    message = json.loads(heard.read_text())
    assert message["message"] == {"role": "user", "content": prompt}
    assert message["client_composed"] is True


async def test_a_second_cancellation_does_not_spare_the_cli(
    program: Program, sandbox: Sandbox, task: AgentTask
) -> None:
    interrupted = task.workspace / "interrupted"
    os.mkfifo(interrupted)
    script = HEAR + INIT + f"read -r line; echo > {interrupted}\n" + STAY
    agent = ClaudeAgent(sandbox, replace(program(script), interrupt_seconds=600))
    started = asyncio.Event()

    async def read() -> None:
        async with aclosing(agent.run(task)) as events:
            async for _ in events:
                started.set()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        reader = group.create_task(read())
        await started.wait()
        reader.cancel()
        await asyncio.to_thread(interrupted.read_text)
        reader.cancel()
    assert processes_of(task) == []
