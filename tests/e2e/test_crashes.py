"""Processes that are killed while the model is held, so that the run cannot have ended."""

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest

from schema.events import Completed
from tests.e2e.installation import Installation, events_until, finished
from tests.e2e.processes import (
    agents_of,
    ended,
    execution_pid,
    killed,
    nothing_left,
    runner_pid,
)
from tests.gateway.agreement import assert_agrees
from tests.gateway.watchers import WATCHERS
from tests.model_stub.script import Reply, Text, ToolUse
from tests.model_stub.server import ModelStub

WRITE = ToolUse("Write", {"file_path": "index.html", "content": "<h1>Hello</h1>\n"})
HELD = (Reply(Text("a long answer " * 20), WRITE, gate="held"), Reply(Text("Ready.")))


async def test_a_killed_gateway_is_replaced_and_no_watcher_misses_or_repeats_an_event(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(*HELD)
    async with claude.serving() as gateway:
        generation_id = await gateway.start()
        before = {
            transport: await gateway.watch(generation_id, transport, until="GenerationOutput")
            for transport in WATCHERS
        }
        execution = execution_pid(claude.data)
        await gateway.killed()
    async with claude.serving() as gateway:
        assert execution_pid(claude.data) == execution, "it was adopted"
        stub.gate("held").release()
        after = {
            transport: await gateway.watch(generation_id, transport, after=seen[-1]["cursor"])
            for transport, seen in before.items()
        }
        whole = await gateway.watch(generation_id)
    assert whole[-1]["__typename"] == "GenerationCompleted"
    stored = await claude.stored(generation_id)
    for received in (whole, *(before[transport] + after[transport] for transport in WATCHERS)):
        assert_agrees(received, stored)
    await nothing_left(claude.data)


async def test_the_command_line_follows_across_a_restart(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(*HELD)
    async with AsyncExitStack() as stack:
        async with claude.serving() as gateway:
            command = claude.started("generate", "--json", "a page")
            process = await stack.enter_async_context(command)
            received = await events_until(process, "GenerationOutput")
            await gateway.killed()
        async with claude.serving(PORT=str(urlsplit(gateway.url).port)):
            stub.gate("held").release()
            done = await finished(process)
    assert done.status == 0, done
    assert_agrees(received + done.events, await claude.stored(received[0]["generationId"]))


async def test_a_command_waits_for_the_run_that_a_killed_one_left_behind(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(*HELD, Reply(Text("Also ready.")))
    async with claude.started("generate", "--json", "a page") as process:
        before = await events_until(process, "GenerationOutput")
        process.kill()
    async with claude.started("generate", "--json", "another page") as process:
        assert process.stderr is not None
        assert b"waiting" in await process.stderr.readline()
        stub.gate("held").release()
        done = await finished(process)
    assert done.status == 0, done
    stored = await claude.stored(before[0]["generationId"])
    assert isinstance(stored[-1].event, Completed)
    assert_agrees(before, stored[: len(before)])
    assert_agrees(done.events, await claude.stored(done.events[0]["generationId"]))
    await nothing_left(claude.data)


async def test_a_run_that_ended_while_no_gateway_was_there_is_told_by_the_next(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(*HELD)
    async with claude.serving() as gateway:
        generation_id = await gateway.start()
        before = await gateway.watch(generation_id, until="GenerationOutput")
        runner = runner_pid(claude.data, generation_id)
        await gateway.killed()
    stub.gate("held").release()
    await ended(runner)
    async with claude.serving() as gateway:
        after = await gateway.watch(generation_id, after=before[-1]["cursor"])
    assert after[-1]["__typename"] == "GenerationCompleted"
    assert_agrees(before + after, await claude.stored(generation_id))


async def test_a_killed_execution_application_is_replaced_and_its_runner_adopted(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(*HELD)
    async with claude.serving() as gateway:
        generation_id = await gateway.start()
        await gateway.watch(generation_id, until="GenerationOutput")
        execution, runner = execution_pid(claude.data), runner_pid(claude.data, generation_id)
        await killed(execution)
        stub.gate("held").release()
        received = await gateway.watch(generation_id)
        assert received[-1]["__typename"] == "GenerationCompleted"
        assert execution_pid(claude.data) != execution
        await ended(runner)
    assert_agrees(received, await claude.stored(generation_id))
    await nothing_left(claude.data)


@pytest.mark.parametrize("with_application", [True, False], ids=["both", "runner alone"])
async def test_a_killed_runner_is_one_failure_and_leaves_nothing(
    claude: Installation, stub: ModelStub, with_application: bool
) -> None:
    stub.extend(HELD[0], Reply(Text("Ready.")))
    async with claude.serving() as gateway:
        project_id = await gateway.project()
        generation_id = await gateway.start(project_id=project_id)
        await gateway.watch(generation_id, until="GenerationOutput")
        assert agents_of(claude.data)
        execution = [execution_pid(claude.data)] if with_application else []
        await killed(*execution, runner_pid(claude.data, generation_id))
        received = await gateway.watch(generation_id)
        assert (received[-1]["code"], received[-1]["retryable"]) == ("RUNNER_LOST", True)
        assert agents_of(claude.data) == []
        again = await gateway.watch(await gateway.start(project_id=project_id))
        assert again[-1]["__typename"] == "GenerationCompleted"
    assert_agrees(received, await claude.stored(generation_id))
    await nothing_left(claude.data)


async def test_everything_killed_at_once_is_a_failure_after_the_restart(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(HELD[0], Reply(Text("Ready.")))
    async with claude.serving() as gateway:
        generation_id = await gateway.start()
        before = await gateway.watch(generation_id, until="GenerationOutput")
        await killed(
            gateway.process.pid,
            execution_pid(claude.data),
            runner_pid(claude.data, generation_id),
        )
    async with claude.serving() as gateway:
        after = await gateway.watch(generation_id, after=before[-1]["cursor"])
        assert after[-1]["code"] == "RUNNER_LOST"
        assert agents_of(claude.data) == []
        again = await gateway.watch(await gateway.start())
        assert again[-1]["__typename"] == "GenerationCompleted"
    assert_agrees(before + after, await claude.stored(generation_id))
    await nothing_left(claude.data)
