"""The real CLI when a run is stopped in the middle: nothing of it is left."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio

from modal_app.agents.claude.driver import ClaudeAgent
from modal_app.ports import AgentEvent, AgentTask, Sandbox
from schema.errors import ErrorCode
from schema.execution import Stream
from tests.modal_app.agents.claude.running import Configure, all_events, processes_of
from tests.modal_app.agents.claude.surviving import surviving_blocks, the_error
from tests.model_stub.script import Reply, Text
from tests.model_stub.server import ModelStub


async def first_text(events: AsyncGenerator[AgentEvent, None]) -> Stream:
    """Read until the model says something."""
    async for event in events:
        if isinstance(event, Stream):
            return event
    raise AssertionError("the run ended without a text")


async def test_closing_the_events_ends_everything(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    stub.extend(Reply(Text("a long answer " * 100), gate="held"))
    async with aclosing(ClaudeAgent(sandbox, configure()).run(task)) as events:
        await first_text(events)
        assert processes_of(task)
    assert processes_of(task) == []
    with anyio.fail_after(60):
        await stub.until(lambda seen: seen.disconnected == 1)


async def test_cancelling_the_reader_ends_everything(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    stub.extend(Reply(Text("a long answer " * 100), gate="held"))
    agent = ClaudeAgent(sandbox, configure())

    async def read() -> None:
        async with aclosing(agent.run(task)) as events:
            async for _ in events:
                pass

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        with anyio.fail_after(60):
            await stub.gate("held").reached.wait()
        assert processes_of(task)
        group.cancel_scope.cancel()
    assert processes_of(task) == []


async def test_the_deadline_ends_a_run_that_goes_on(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    stub.extend(Reply(Text("a long answer " * 100), gate="held"))
    events = await all_events(sandbox, configure(deadline_seconds=3), task)
    error = the_error(events)
    assert (error.code, error.exit_code) == (ErrorCode.CLI_TIMEOUT, 124)


async def test_a_held_answer_goes_on_when_it_is_released(
    stub: ModelStub, configure: Configure, sandbox: Sandbox, task: AgentTask
) -> None:
    stub.extend(Reply(Text("one two three four"), gate="held"))
    async with aclosing(ClaudeAgent(sandbox, configure()).run(task)) as events:
        first = await first_text(events)
        stub.gate("held").release()
        rest = [event async for event in events]
    assert surviving_blocks([first, *rest]) == ["one two three four"]
