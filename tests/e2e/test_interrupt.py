"""Ctrl-C in `dreamcore generate`: the run is cancelled, and nothing of it is left."""

import asyncio
import os
import signal

import pytest

from adapters.server.generate import CANCEL_SECONDS
from adapters.server.interruption import ONE_PRESS_SECONDS
from tests.e2e.installation import Finished, Installation, events_until, finished
from tests.e2e.processes import agents_of, execution_pid, nothing_left
from tests.gateway.agreement import assert_agrees
from tests.model_stub.script import Reply, Text
from tests.model_stub.server import ModelStub

LONG = Text("a long answer " * 100)


async def interrupted(claude: Installation, *numbers: signal.Signals) -> Finished:
    """A generation that was interrupted after its first text."""
    async with claude.started("generate", "--json", "a page") as process:
        received = await events_until(process, "GenerationOutput")
        assert agents_of(claude.data)
        for number in numbers:
            # A terminal signals the whole foreground group.
            os.killpg(process.pid, number)
        done = await finished(process)
    stored = await claude.stored(received[0]["generationId"])
    assert_agrees([*received, *done.events], stored)
    return done


async def first_line(output: asyncio.StreamReader | None) -> bytes:
    """The next line that a command writes."""
    assert output is not None
    async with asyncio.timeout(60):
        return await output.readline()


@pytest.mark.parametrize(
    "numbers",
    [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGINT,) * 3],
    ids=["once", "terminated", "again and again"],
)
async def test_it_cancels_the_run_and_leaves_nothing(
    claude: Installation, stub: ModelStub, numbers: tuple[signal.Signals, ...]
) -> None:
    stub.extend(Reply(LONG, gate="held"))
    done = await interrupted(claude, *numbers)
    assert done.status == 130
    assert done.events[-1]["__typename"] == "GenerationCancelled"
    assert "Traceback" not in done.errors
    assert agents_of(claude.data) == []
    await nothing_left(claude.data)


async def test_the_next_generation_works(claude: Installation, stub: ModelStub) -> None:
    stub.extend(Reply(LONG, gate="held"), Reply(Text("Ready.")))
    await interrupted(claude, signal.SIGINT)
    done = await claude.generate("a page")
    assert "Ready." in done.output


async def test_it_cancels_on_the_gateway_that_runs(claude: Installation, stub: ModelStub) -> None:
    stub.extend(Reply(LONG, gate="held"), Reply(Text("Ready.")))
    async with claude.serving() as gateway:
        async with claude.started("generate", "--json", "a page") as process:
            await stub.gate("held").reached.wait()
            process.send_signal(signal.SIGINT)
            done = await finished(process)
        assert done.status == 130
        assert agents_of(claude.data) == []
        await gateway.watch(await gateway.start(), until="GenerationCompleted")


async def test_once_more_leaves_at_once_while_the_run_goes_on(
    claude: Installation, stub: ModelStub
) -> None:
    stub.extend(Reply(LONG, gate="held"))
    async with claude.serving() as gateway:
        execution = execution_pid(claude.data)
        async with claude.started("generate", "--json", "a page") as process:
            accepted = (await events_until(process, "GenerationOutput"))[0]
            os.kill(execution, signal.SIGSTOP)  # nobody confirms a cancellation
            process.send_signal(signal.SIGINT)
            assert b"stopping" in await first_line(process.stderr)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(2 * ONE_PRESS_SECONDS):
                    await process.wait()
            process.send_signal(signal.SIGINT)
            async with asyncio.timeout(CANCEL_SECONDS / 2):
                done = await finished(process)
        os.kill(execution, signal.SIGCONT)
        assert done.status == 130
        assert done.errors == "Error: left at once; a run that has not ended may go on\n"
        await gateway.watch(accepted["generationId"])  # it ends all the same


async def test_it_ends_the_waiting_for_another_run(claude: Installation, stub: ModelStub) -> None:
    stub.extend(Reply(LONG, gate="held"))
    async with claude.started("generate", "--json", "a page") as process:
        await events_until(process, "GenerationOutput")
        process.kill()
    async with claude.started("generate", "another page") as process:
        assert process.stdout is not None
        assert b"waiting" in await process.stdout.readline()
        process.send_signal(signal.SIGINT)
        done = await finished(process)
    assert (done.status, done.errors) == (130, "")
