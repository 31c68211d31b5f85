"""Cancelling a run: nothing of it is left when the answer comes."""

import asyncio
import os
from pathlib import Path

from modal_app.layout import Layout
from modal_app.runs.forestalled import forestall
from modal_app.settings import Settings
from schema.identifiers import random_uuid
from tests.modal_app.execution import (
    Client,
    Gate,
    Run,
    data_of,
    script,
    served,
    settings_for,
)
from tests.modal_app.processes import processes_of, runner_of


async def test_a_cancelled_run_leaves_no_process(client: Client, settings: Settings) -> None:
    run = Run(script({"spawn": ["sh", "-c", "setsid sleep 1000 & sleep 1000"]}))
    async with client.generating(run) as events:
        async for event in events:
            if "Spawned" in event.data:
                break
        assert len(processes_of(run)) >= 2
        assert await client.cancel(run) == "cancelled"
        assert processes_of(run) == []
        rest = [data_of(event) async for event in events]
    assert [event.get("code") for event in rest] == ["CANCELLED"]
    assert not settings.layout.run(run.run_id).work.exists()
    again = Run(script(), project_id=run.project_id)
    assert data_of((await client.generate(again))[-1])["type"] == "done"


async def test_cancelling_is_repeatable_and_says_what_was(client: Client, gate: Gate) -> None:
    ended = Run(script())
    await client.generate(ended)
    assert await client.cancel(ended) == "ended"
    stopped = Run(script(gate.step))
    async with client.generating(stopped):
        await gate.reached.wait()
        async with asyncio.TaskGroup() as group:
            answers = [group.create_task(client.cancel(stopped)) for _ in range(3)]
    assert {answer.result() for answer in answers} == {"cancelled"}
    assert await client.cancel(stopped) == "cancelled"


async def test_a_run_can_be_cancelled_before_its_runner_speaks(client: Client) -> None:
    run = Run(script({"spawn": ["sleep", "1000"]}))
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(client.generate(run))
        assert await client.cancel(run) == "cancelled"
    codes = [data_of(event).get("code") for event in watching.result()]
    assert codes.count("CANCELLED") == 1
    assert processes_of(run) == []


async def test_a_run_that_was_cancelled_before_its_start_is_never_started(
    client: Client, settings: Settings
) -> None:
    run = Run(script({"say": "too late"}))
    assert await client.cancel(run) == "cancelled"
    assert await client.cancel(run) == "cancelled"
    for events in (
        await client.generate(run),
        await client.events(run),
        await client.generate(run),
    ):
        [end] = map(data_of, events)
        assert (end["type"], end["code"]) == ("error", "CANCELLED")
    assert not settings.layout.run(run.run_id).log.exists()
    again = Run(run.message, project_id=run.project_id)
    assert data_of((await client.generate(again))[-1])["type"] == "done"


async def test_a_cancel_and_a_start_at_once_end_in_one_cancelled_run(client: Client) -> None:
    for _ in range(5):
        run = Run(script({"spawn": ["sleep", "1000"]}))
        async with asyncio.TaskGroup() as group:
            cancelling = [group.create_task(client.cancel(run)) for _ in range(2)]
            starting = [group.create_task(client.generate(run)) for _ in range(2)]
        assert {task.result() for task in cancelling} == {"cancelled"}
        for task in starting:
            codes = [data_of(event).get("code") for event in task.result()]
            assert (codes[-1], codes.count("CANCELLED")) == ("CANCELLED", 1)
        assert processes_of(run) == []


def test_runs_cancelled_before_their_start_are_bounded(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    runs = [layout.run(random_uuid()) for _ in range(10)]
    for age, run in enumerate(runs):
        assert forestall(layout, run, limit=4)
        os.utime(run.journal, (1_700_000_000 + age,) * 2)
    assert not forestall(layout, runs[-1], limit=4)
    assert {run.run_id for run in layout.all_runs()} == {run.run_id for run in runs[-4:]}
    assert layout.leftovers() == []


async def test_a_run_cancelled_before_its_start_is_forgotten_in_time(tmp_path: Path) -> None:
    run = Run(script())
    async with served(settings_for(tmp_path)) as client:
        await client.cancel(run)
    async with served(settings_for(tmp_path)) as client:
        assert len(await client.events(run)) == 1
    async with served(settings_for(tmp_path, retention_seconds=0)) as client:
        response = await client.http.get(f"/runs/{run.run_id}/events")
        assert response.status_code == 404


async def test_a_runner_that_does_not_stop_is_killed(tmp_path: Path, gate: Gate) -> None:
    settings = settings_for(tmp_path, stop_seconds=0.5)
    run = Run(script(gate.step))
    async with served(settings) as client, client.generating(run) as events:
        await gate.reached.wait()
        runner_of(settings, run).suspend()
        assert await client.cancel(run) == "cancelled"
        assert [data_of(event) async for event in events][-1]["code"] == "CANCELLED"
    assert processes_of(run) == []


async def test_the_cancel_file_alone_stops_a_run(
    client: Client, settings: Settings, gate: Gate
) -> None:
    run = Run(script(gate.step))
    async with client.generating(run) as events:
        await gate.reached.wait()
        settings.layout.run(run.run_id).cancel.touch()
        assert [data_of(event) async for event in events][-1]["code"] == "CANCELLED"
