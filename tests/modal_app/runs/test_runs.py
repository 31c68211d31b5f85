"""A run from start to end: real sockets, real processes."""

import asyncio
from pathlib import Path

import httpx
import pytest

from schema.errors import ErrorCode
from tests.modal_app.execution import (
    Client,
    Gate,
    Run,
    data_of,
    ids_of,
    script,
    served,
    settings_for,
)


async def test_a_run_streams_numbered_events_and_ends_with_a_version(client: Client) -> None:
    run = Run(script({"say": "hello"}, {"write": ["index.html", "<h1>hi</h1>"]}))
    events = await client.generate(run)
    assert ids_of(events) == list(range(1, len(events) + 1))
    *_, end = map(data_of, events)
    assert end["type"] == "done"
    assert end["result"] == "scripted"
    assert end["created"] is True
    assert len(end["version"]) == 40
    assert {"type": "stream", "content": "hello", "block": 1} in map(data_of, events)
    assert {data_of(event)["type"] for event in events} == {"status", "stream", "done"}


async def test_a_second_change_starts_from_the_files_of_the_first(client: Client) -> None:
    first = Run(script({"write": ["index.html", "one"]}))
    await client.generate(first)
    second = Run(script({"write": ["extra.txt", "two"]}), project_id=first.project_id)
    end = data_of((await client.generate(second))[-1])
    assert end["type"] == "done"
    assert end.get("created", False) is False


async def test_two_posts_of_one_run_start_one_runner_and_see_the_same(
    client: Client, gate: Gate
) -> None:
    run = Run(script({"say": "a"}, gate.step, {"say": "b"}))
    async with asyncio.TaskGroup() as group:
        watchers = [group.create_task(client.generate(run)) for _ in range(4)]
        await gate.reached.wait()
        gate.release()
    first, *others = [[(event.id, event.data) for event in task.result()] for task in watchers]
    assert all(other == first for other in others)
    assert [data_of(e)["type"] for e in watchers[0].result()].count("done") == 1


async def test_a_project_does_one_run_at_a_time(client: Client, gate: Gate) -> None:
    first = Run(script(gate.step))
    second = Run(script({"say": "mine"}), project_id=first.project_id)
    async with client.generating(first) as events:
        await gate.reached.wait()
        refused = await client.http.post("/generate", json=second.body)
        assert refused.status_code == 409
        assert refused.json() == {"error": "Project is busy", "code": "PROJECT_BUSY"}
        unknown = await client.http.get(f"/runs/{second.run_id}/events")
        assert unknown.status_code == 404
        gate.release()
        assert [data_of(event) async for event in events][-1]["type"] == "done"
    assert data_of((await client.generate(second))[-1])["type"] == "done"


async def test_a_run_id_belongs_to_the_project_that_started_it(client: Client) -> None:
    run = Run(script())
    await client.generate(run)
    other = Run(run.message, run_id=run.run_id)
    response = await client.http.post("/generate", json=other.body)
    assert response.status_code == 409
    assert response.json()["code"] == "IDEMPOTENCY_CONFLICT"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"fail": "RATE_LIMIT"}, "RATE_LIMIT"),
        ({"crash": "a secret path"}, "UNKNOWN_ERROR"),
        ({"vanish": True}, "UNKNOWN_ERROR"),
        ({"write": ["no/such/folder.txt", "x"]}, "SANDBOX_ERROR"),
    ],
)
async def test_a_failed_run_commits_nothing_and_says_why(
    client: Client, step: dict[str, object], code: str
) -> None:
    run = Run(script({"write": ["index.html", "x"]}, step))
    events = await client.generate(run)
    end = data_of(events[-1])
    assert (end["type"], end["code"]) == ("error", code)
    assert end["userMessage"]
    assert "secret" not in "".join(event.data for event in events)
    files = await client.http.get("/list_files", params=run.query)
    assert files.json() == {"files": []}


async def test_a_run_beyond_its_time_is_ended(tmp_path: Path, gate: Gate) -> None:
    async with served(settings_for(tmp_path, run_seconds=0.5)) as client:
        end = data_of((await client.generate(Run(script(gate.step))))[-1])
    assert end["code"] == ErrorCode.CLI_TIMEOUT
    assert end["recoverable"] is True


@pytest.mark.parametrize("missing", ["run_id", "skills"])
async def test_the_older_body_is_understood(client: Client, missing: str) -> None:
    body = Run("").body | {"prompt": script({"say": "old"})}
    del body["message"], body[missing]
    response = await client.http.post("/generate", json=body)
    assert '"type":"done"' in response.text


async def test_old_runs_are_forgotten_at_start(tmp_path: Path) -> None:
    run = Run(script())
    async with served(settings_for(tmp_path)) as client:
        await client.generate(run)
    async with served(settings_for(tmp_path)) as client:
        assert len(await client.events(run)) > 0
    async with served(settings_for(tmp_path, retention_seconds=-1.0)) as client:
        response = await client.http.get(f"/runs/{run.run_id}/events")
    assert response.status_code == httpx.codes.NOT_FOUND
    assert list(settings_for(tmp_path).layout.runs.iterdir()) == []
