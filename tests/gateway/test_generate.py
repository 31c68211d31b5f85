"""`generate`: start and follow in one operation, joined by key, resumed by cursor; and cancel."""

import asyncio
from typing import Any, Final

import anyio
import pytest

from resolvers.styles import CATALOGUE
from schema.cursor import encode_cursor
from schema.execution import Done, Stream
from schema.identifiers import random_uuid
from schema.models import Dimension
from tests.gateway.agreement import assert_agrees
from tests.gateway.asking import STREAMED, code_of
from tests.gateway.client import CANCEL, START
from tests.gateway.conftest import Scene, collect
from tests.gateway.watchers import WATCH, WATCHERS

EVENT: Final = WATCH[WATCH.index("{\n    __typename") : WATCH.rindex("}")]
GENERATE: Final = f"""
subscription($input: StartGenerationInput!, $after: Cursor) {{
  generate(input: $input, after: $after) {EVENT}
}}
"""
transports = pytest.mark.parametrize("transport", STREAMED)


async def generate(
    scene: Scene, transport: str, command: dict[str, Any], after: str | None = None
) -> list[Any]:
    """Every event up to the end of the stream."""
    variables = {"input": command, "after": after}
    with anyio.fail_after(60):
        results = await STREAMED[transport](scene.url, scene.token, GENERATE, variables)
    return [result["data"]["generate"] for result in results]


async def command(scene: Scene, token: str | None = None) -> dict[str, Any]:
    """Input for `generate` in a project of its own."""
    return scene.command(await scene.project(token), "key")


@transports
async def test_the_same_key_joins_the_run_and_says_so(scene: Scene, transport: str) -> None:
    asked = await command(scene)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(generate(scene, transport, asked))
        await scene.execution.started.wait()
        (request,) = scene.execution.requests
        joining = [group.create_task(generate(scene, name, asked)) for name in STREAMED]
        scene.execution.say(request.run_id, Stream("text"), Done("finished"))
    late = await generate(scene, transport, asked)
    stored = await scene.stored(request.run_id)
    assert_agrees(first.result(), stored)
    for joined in (*(task.result() for task in joining), late):
        assert joined[0]["joinedExisting"] is True
        assert_agrees([{**joined[0], "joinedExisting": False}, *joined[1:]], stored)
    # The same key over a mutation, and no second run.
    answer = await scene.query(START, {"input": asked})
    assert answer["data"]["startGeneration"]["joinedExisting"] is True
    assert answer["data"]["startGeneration"]["generation"]["id"] == request.run_id
    assert len(scene.execution.requests) == 1


@transports
async def test_a_joined_run_is_resumed_behind_the_cursor(scene: Scene, transport: str) -> None:
    asked = await command(scene)
    answer = await scene.query(START, {"input": asked})
    generation = answer["data"]["startGeneration"]["generation"]["id"]
    scene.execution.say(generation, Stream("text"), Done("finished"))
    for seq in (1, 2, len(await scene.stored(generation)) - 1):
        resumed = await generate(scene, transport, asked, encode_cursor(generation, seq))
        assert_agrees(resumed, await scene.stored(generation, after=seq))
    assert (
        await generate(
            scene, transport, asked, encode_cursor(generation, len(await scene.stored(generation)))
        )
        == []
    )


@transports
async def test_a_cursor_of_another_run_starts_none(scene: Scene, transport: str) -> None:
    ended = await scene.start()
    scene.execution.say(ended, Done("finished"))
    await scene.stored(ended)
    variables = {"input": await command(scene), "after": encode_cursor(ended, 1)}
    (result,) = await STREAMED[transport](scene.url, scene.token, GENERATE, variables)
    assert code_of(result) == "INVALID_CURSOR"
    assert len(scene.execution.requests) == 1


@transports
async def test_at_the_limit_the_refusal_is_the_single_event(scene: Scene, transport: str) -> None:
    running = await scene.start()
    (refused,) = await generate(scene, transport, await command(scene))
    assert refused["__typename"] == "GenerationRefused"
    assert refused["code"] == "USER_LIMIT_REACHED"
    assert refused["error"] == "他のプロジェクトで生成中です。完了するまでお待ちください。"
    assert refused["seq"] == 0
    scene.execution.say(running, Done("finished"))
    await scene.stored(running)
    # The key was not used up by the refusal: the slot is free now.
    async with asyncio.TaskGroup() as group:
        admitted = group.create_task(generate(scene, transport, await command(scene)))
        while len(scene.execution.requests) < 2:
            scene.execution.started.clear()
            await scene.execution.started.wait()
        scene.execution.say(scene.execution.requests[1].run_id, Done("finished"))
    assert admitted.result()[0]["joinedExisting"] is False
    assert admitted.result()[-1]["__typename"] == "GenerationCompleted"


STYLED: Final = """
subscription($input: StartGenerationInput!) {
  generate(input: $input) {
    ... on GenerationRefused { code styleOptions { id dimension } }
  }
}
"""


@transports
async def test_whoever_must_choose_a_style_is_told_which_there_are(
    scene: Scene, transport: str
) -> None:
    asked = await command(scene) | {"message": "3Dで迷路を作って", "skipStyleSelection": False}
    (result,) = await STREAMED[transport](scene.url, scene.token, STYLED, {"input": asked})
    refused = result["data"]["generate"]
    assert refused["code"] == "STYLE_CHOICE_NEEDED"
    assert [(o["id"], o["dimension"]) for o in refused["styleOptions"]] == [
        (preset.id, "THREE") for preset in CATALOGUE[Dimension.THREE]
    ]


@transports
async def test_a_key_used_for_something_else_is_refused(scene: Scene, transport: str) -> None:
    asked = await command(scene)
    generation = (await scene.query(START, {"input": asked}))["data"]["startGeneration"]
    for change in ({"message": "another game"}, {"projectId": await scene.project()}):
        (refused,) = await generate(scene, transport, asked | change)
        assert (refused["__typename"], refused["code"]) == (
            "GenerationRefused",
            "IDEMPOTENCY_CONFLICT",
        )
        answer = await scene.query(START, {"input": asked | change})
        assert answer["data"]["startGeneration"]["code"] == "IDEMPOTENCY_CONFLICT"
    assert generation["joinedExisting"] is False


@transports
async def test_without_a_key_nothing_starts(scene: Scene, transport: str) -> None:
    asked = await command(scene)
    del asked["idempotencyKey"]
    (result,) = await STREAMED[transport](scene.url, scene.token, GENERATE, {"input": asked})
    assert code_of(result) == "IDEMPOTENCY_KEY_REQUIRED"
    assert not scene.execution.requests


async def test_a_key_belongs_to_its_user(scene: Scene) -> None:
    mine = await scene.query(START, {"input": await command(scene)})
    other = scene.token_of(random_uuid())
    theirs = await scene.query(START, {"input": await command(scene, other)}, other)
    assert theirs["data"]["startGeneration"]["joinedExisting"] is False
    ids = [answer["data"]["startGeneration"]["generation"]["id"] for answer in (mine, theirs)]
    assert ids[0] != ids[1]


async def test_cancel_is_seen_once_by_watchers_on_every_transport(scene: Scene) -> None:
    generation = await scene.start()
    scene.execution.say(generation, Stream("text"))
    async with asyncio.TaskGroup() as group:
        streams = [scene.watcher(transport).watch(generation) for transport in WATCHERS]
        beginnings = [[await anext(stream)] for stream in streams]
        rest = [group.create_task(collect(stream)) for stream in streams]
        answer = await scene.query(CANCEL, {"id": generation})
    assert answer["data"]["cancelGeneration"] == {
        "__typename": "CancelGenerationSuccess",
        "generation": {"id": generation, "status": "CANCELLED"},
    }
    stored = await scene.stored(generation)
    for beginning, task in zip(beginnings, rest, strict=True):
        received = beginning + task.result()
        assert [event["__typename"] for event in received].count("GenerationCancelled") == 1
        assert_agrees(received, stored)
    again = await scene.query(CANCEL, {"id": generation})
    assert again == answer
    assert await scene.stored(generation) == stored
