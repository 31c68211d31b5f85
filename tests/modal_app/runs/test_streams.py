"""The stream of a run: positions, heartbeats, responses that end themselves."""

from pathlib import Path

from modal_app.settings import Settings
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

BEAT = ": heartbeat\n\n"


async def test_silence_is_bridged_by_heartbeats(tmp_path: Path, gate: Gate) -> None:
    run = Run(script(gate.step))
    async with (
        served(settings_for(tmp_path, heartbeat_seconds=0.1)) as client,
        client.http.stream("POST", "/generate", json=run.body) as response,
    ):
        lines = response.aiter_lines()
        beats = 0
        while beats < 3:
            beats += (await anext(lines)).startswith(":")
        gate.release()
        assert [line async for line in lines][-2].startswith('data: {"type":"done"')


async def test_a_stream_begins_with_a_heartbeat(client: Client) -> None:
    run = Run(script())
    started = await client.http.post("/generate", json=run.body)
    again = await client.http.get(f"/runs/{run.run_id}/events")
    assert started.text.startswith(f"{BEAT}id: 1\n")
    assert again.text.startswith(f"{BEAT}id: 1\n")


async def test_a_response_ends_itself_and_is_continued(tmp_path: Path, gate: Gate) -> None:
    run = Run(script({"say": "a"}, gate.step, {"say": "b"}))
    async with served(settings_for(tmp_path, response_seconds=0.3)) as client:
        seen = await client.generate(run)
        assert "done" not in {data_of(event)["type"] for event in seen}
        gate.release()
        while data_of(seen[-1])["type"] != "done":
            seen += await client.events(run, int(seen[-1].id))
    assert ids_of(seen) == list(range(1, len(seen) + 1))


async def test_the_stream_has_the_headers_of_the_contract(client: Client) -> None:
    response = await client.http.post("/generate", json=Run(script()).body)
    assert response.headers["content-type"] == "text/event-stream"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["connection"] == "keep-alive"
    assert response.headers["x-accel-buffering"] == "no"


async def test_a_post_may_continue_after_a_position(client: Client) -> None:
    run = Run(script({"say": "a"}))
    events = await client.generate(run)
    again = await client.http.post("/generate", json=run.body, headers={"Last-Event-ID": "2"})
    assert again.text.startswith(f"{BEAT}id: 3\n")
    assert f"id: {len(events)}\n" in again.text


async def test_reading_again_gives_the_same_events_from_any_position(client: Client) -> None:
    run = Run(script(*({"say": str(number)} for number in range(5))))
    events = await client.generate(run)
    for after in range(len(events) + 1):
        again = await client.events(run, after)
        assert [(event.id, event.data) for event in again] == [
            (event.id, event.data) for event in events[after:]
        ]


async def test_a_long_run_is_read_whole(client: Client, settings: Settings) -> None:
    run = Run(script(*({"say": f"{number:05}"} for number in range(4_000))))
    events = await client.generate(run)
    assert ids_of(events) == list(range(1, len(events) + 1))
    texts = [data_of(event).get("content") for event in events]
    assert [text for text in texts if text] == [f"{number:05}" for number in range(4_000)]


async def test_a_client_that_goes_does_not_stop_the_run(client: Client, gate: Gate) -> None:
    run = Run(script(gate.step, {"say": "after"}))
    async with client.generating(run) as events:
        await anext(events)
        await gate.reached.wait()
    gate.release()
    assert data_of((await client.events(run))[-1])["type"] == "done"
