"""Cancelling a run: nothing of it is left when the answer comes."""

import asyncio
from pathlib import Path

from modal_app.settings import Settings
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
        response = await client.http.post(f"/runs/{run.run_id}/cancel")
        while response.status_code == 404:
            response = await client.http.post(f"/runs/{run.run_id}/cancel")
    assert response.json() == {"status": "cancelled"}
    codes = [data_of(event).get("code") for event in watching.result()]
    assert codes.count("CANCELLED") == 1
    assert processes_of(run) == []


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
