"""Watch a generation: the same body over every transport, compared with the log itself."""

import asyncio
from contextlib import aclosing

import pytest

from schema.cursor import encode_cursor
from schema.execution import Done, Error, ExecutionEvent, Status, Stream
from tests.gateway.agreement import assert_agrees
from tests.gateway.conftest import Scene, collect
from tests.gateway.watchers import WATCHERS, Payload

transports = pytest.mark.parametrize("transport", WATCHERS)

BEGINNING: list[ExecutionEvent] = [
    Status("準備中", progress=5),
    Stream("こんにちは ", 1),
    Stream("<b>world</b>\n", 1),
]
MIDDLE: list[ExecutionEvent] = [
    Status("Retrying", retract=1),
    Stream("again", 2),
    Status("Writing", progress=40, tool="Write", path="index.html"),
]
END: list[ExecutionEvent] = [Done("finished", version="b" * 40, created=True)]
SCRIPT = BEGINNING + MIDDLE + END


@transports
async def test_every_event_arrives_in_order_and_the_stream_completes(
    scene: Scene, transport: str
) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *SCRIPT)
    received = await collect(scene.watcher(transport).watch(generation))
    assert_agrees(received, await scene.stored(generation))


@transports
@pytest.mark.parametrize("end", [Error("RATE_LIMIT"), Error("CANCELLED")])
async def test_every_kind_of_end_arrives(scene: Scene, transport: str, end: Error) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *BEGINNING, end)
    received = await collect(scene.watcher(transport).watch(generation))
    assert_agrees(received, await scene.stored(generation))


async def test_watchers_on_different_transports_agree_while_it_runs(scene: Scene) -> None:
    generation = await scene.start()
    async with asyncio.TaskGroup() as group:
        watching = [
            group.create_task(collect(scene.watcher(transport).watch(generation)))
            for transport in WATCHERS
        ]
        for event in SCRIPT:
            scene.execution.say(generation, event)
            await asyncio.wait(watching, timeout=0.01)
    stored = await scene.stored(generation)
    for task in watching:
        assert_agrees(task.result(), stored)


@transports
async def test_a_late_watcher_joins_at_its_cursor(scene: Scene, transport: str) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *SCRIPT)
    await collect(scene.watcher(transport).watch(generation))
    for seq in (1, 4, 8):
        cursor = encode_cursor(generation, seq)
        received = await collect(scene.watcher(transport).watch(generation, cursor))
        assert_agrees(received, await scene.stored(generation, after=seq))


@transports
async def test_a_dropped_watcher_resumes_without_gap_or_repeat(
    scene: Scene, transport: str
) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *BEGINNING)
    before = await collect(scene.watcher(transport).watch(generation), count=4)
    scene.execution.say(generation, *MIDDLE, *END)
    after = await collect(scene.watcher(transport).watch(generation, before[-1]["cursor"]))
    assert_agrees(before + after, await scene.stored(generation))


async def test_a_watcher_may_change_transport_in_the_middle(scene: Scene) -> None:
    generation = await scene.start()
    received: list[Payload] = []
    for transport, events in zip([*WATCHERS] * 2, [BEGINNING, MIDDLE], strict=False):
        scene.execution.say(generation, *events)
        cursor = received[-1]["cursor"] if received else None
        received += await collect(scene.watcher(transport).watch(generation, cursor), count=3)
    scene.execution.say(generation, *END)
    cursor = received[-1]["cursor"]
    received += await collect(scene.watcher("graphql-transport-ws").watch(generation, cursor))
    assert_agrees(received, await scene.stored(generation))


@transports
async def test_disconnecting_does_not_stop_the_run(scene: Scene, transport: str) -> None:
    generation = await scene.start()
    async with aclosing(scene.watcher(transport).watch(generation)) as stream:
        await anext(stream)
    scene.execution.say(generation, *SCRIPT)
    received = await collect(scene.watcher(transport).watch(generation))
    assert received[-1]["__typename"] == "GenerationCompleted"
