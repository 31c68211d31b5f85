"""What outlives what: applications die and return, runners go on, dead runs end once."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from modal_app.layout import Layout
from modal_app.settings import Settings
from tests.modal_app.execution import (
    Client,
    Gate,
    Run,
    application_process,
    connected,
    data_of,
    ids_of,
    script,
    served,
    settings_for,
)
from tests.modal_app.processes import processes_of, runner_of


async def test_a_killed_application_is_replaced_and_its_run_adopted(
    tmp_path: Path, gate: Gate
) -> None:
    run = Run(script({"say": "before"}, gate.step, {"say": "after"}))
    async with (
        application_process(tmp_path) as first,
        connected(first.port) as client,
        client.generating(run) as events,
    ):
        seen = [await anext(events), await anext(events)]
        await gate.reached.wait()
        first.kill()
    async with served(settings_for(tmp_path)) as client:
        gate.release()
        seen += await client.events(run, int(seen[-1].id))
    assert ids_of(seen) == list(range(1, len(seen) + 1))
    assert data_of(seen[-1])["type"] == "done"


async def test_a_run_that_ended_while_nobody_served_is_read_to_its_end(
    tmp_path: Path, gate: Gate
) -> None:
    run = Run(script(gate.step))
    async with (
        application_process(tmp_path) as first,
        connected(first.port) as client,
        client.generating(run),
    ):
        await gate.reached.wait()
        runner = runner_of(settings_for(tmp_path), run)
        first.kill()
    gate.release()
    async with asyncio.timeout(60):
        await asyncio.to_thread(psutil.wait_procs, [runner])
    async with served(settings_for(tmp_path)) as client:
        assert data_of((await client.events(run))[-1])["type"] == "done"


async def test_a_terminated_application_ends_its_streams_and_leaves_its_runs(
    tmp_path: Path, gate: Gate
) -> None:
    run = Run(script(gate.step))
    async with application_process(tmp_path) as first, connected(first.port) as client:
        async with asyncio.timeout(60), client.generating(run) as events:
            await gate.reached.wait()
            first.terminate()
            assert "done" not in {data_of(event)["type"] async for event in events}
        await first.ended()
    async with served(settings_for(tmp_path)) as client:
        gate.release()
        assert data_of((await client.events(run))[-1])["type"] == "done"


async def test_a_killed_runner_is_told_once_to_everybody(
    client: Client, settings: Settings, gate: Gate
) -> None:
    run = Run(script({"spawn": ["sleep", "1000"]}))
    async with client.generating(run) as events:
        async for event in events:
            if "Spawned" in event.data:
                break
        async with asyncio.TaskGroup() as group:
            watchers = [group.create_task(client.events(run)) for _ in range(5)]
            runner_of(settings, run).kill()
            rest = [event async for event in events]
    for seen in (rest, *(task.result() for task in watchers)):
        codes = [data_of(event)["code"] for event in seen if data_of(event)["type"] == "error"]
        assert codes == ["RUNNER_LOST"]
    assert processes_of(run) == []
    assert not settings.layout.run(run.run_id).work.exists()
    again = Run(script(), project_id=run.project_id)
    assert data_of((await client.generate(again))[-1])["type"] == "done"


async def test_a_runner_that_died_unseen_is_found_at_the_next_start(
    tmp_path: Path, gate: Gate
) -> None:
    settings = settings_for(tmp_path)
    run = Run(script(gate.step))
    async with served(settings) as client, client.generating(run):
        await gate.reached.wait()
        runner = runner_of(settings, run)
    runner.kill()
    await asyncio.to_thread(psutil.wait_procs, [runner])
    async with served(settings):
        journal = settings.layout.run(run.run_id).journal.read_text(encoding="utf-8")
    assert journal.count("RUNNER_LOST") == 1


async def test_a_runner_that_died_unseen_is_found_while_the_application_goes_on(
    tmp_path: Path, gate: Gate
) -> None:
    settings = settings_for(tmp_path, recovery_seconds=0.05)
    run = Run(script(gate.step))
    async with served(settings) as client:
        async with client.generating(run):
            await gate.reached.wait()
        runner_of(settings, run).kill()
        journal = settings.layout.run(run.run_id).journal
        async with asyncio.timeout(60):
            while "RUNNER_LOST" not in journal.read_text(encoding="utf-8"):
                await client.http.get("/health")


async def test_an_old_run_is_forgotten_while_the_application_goes_on(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, recovery_seconds=0.05)
    old, fresh = Run(script()), Run(script())
    async with served(settings) as client:
        await client.generate(old)
        await client.generate(fresh)
        # Neither what is no run nor what vanishes meanwhile ends the cleaning.
        (settings.layout.runs / "stray").touch()
        os.utime(settings.layout.run(old.run_id).journal, (1, 1))
        async with asyncio.timeout(60):
            while settings.layout.run(old.run_id).path.exists():
                await client.http.get("/health")
        assert data_of((await client.events(fresh))[-1])["type"] == "done"


async def test_a_journal_that_is_none_stops_nobody(tmp_path: Path) -> None:
    directory = Layout(tmp_path).run("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    directory.path.mkdir(parents=True)
    directory.lock.touch()
    directory.journal.write_bytes(b"garbage\n")
    async with served(settings_for(tmp_path)) as client:
        assert await client.events(Run("", run_id=directory.run_id)) == []
        assert data_of((await client.generate(Run(script())))[-1])["type"] == "done"


async def test_a_torn_journal_of_a_dead_run_is_completed(tmp_path: Path) -> None:
    directory = Layout(tmp_path).run("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    directory.path.mkdir(parents=True)
    directory.lock.touch()
    directory.journal.write_bytes(b'{"id":1,"type":"status","message":"a"}\n{"id":2,"type":"do')
    run = Run("", run_id=directory.run_id)
    async with served(settings_for(tmp_path)) as client:
        seen = await client.events(run)
    assert ids_of(seen) == [1, 2]
    assert data_of(seen[-1])["code"] == "RUNNER_LOST"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_server_ends_within_its_grace(tmp_path: Path, number: signal.Signals) -> None:
    async with application_process(tmp_path) as application:
        async with asyncio.timeout(60):
            os.kill(application.pid, number)
            await application.ended()
