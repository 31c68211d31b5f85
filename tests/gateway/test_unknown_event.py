"""Types that a document does not know: a document that says so gets `UnknownEvent` instead."""

import json
from typing import Final

import pytest

from schema.cursor import encode_cursor
from schema.execution import Done, Status, Stream
from tests.gateway.asking import STREAMED
from tests.gateway.conftest import Scene

POSITION: Final = "... on StreamEvent { generationId seq cursor at }"
KNOWING: Final = {
    "inline": f"""
        subscription($id: ID!) {{ generation(id: $id) {{ __typename {POSITION}
          ... on GenerationOutput {{ text }} ... on UnknownEvent {{ kind json }} }} }}
    """,
    "in fragments": f"""
        subscription($id: ID!) {{ generation(id: $id) {{ ...Event }} }}
        fragment Event on GenerationEvent {{ __typename {POSITION} ...Text ...Unknown }}
        fragment Text on GenerationOutput {{ text }}
        fragment Unknown on UnknownEvent {{ kind json }}
    """,
    "behind a directive": f"""
        subscription($id: ID!) {{ generation(id: $id) {{ __typename {POSITION}
          ... @include(if: true) {{ ... on GenerationOutput {{ text }} }}
          ... on UnknownEvent {{ kind json }} }} }}
    """,
}
TRUSTING: Final = {
    "nothing but names": """
        subscription($id: ID!) { generation(id: $id) { __typename } }
    """,
    "one type": """
        subscription($id: ID!) {
          generation(id: $id) { __typename ... on GenerationOutput { text } }
        }
    """,
}


@pytest.mark.parametrize("transport", STREAMED)
@pytest.mark.parametrize("document", KNOWING.values(), ids=KNOWING.keys())
async def test_what_such_a_document_does_not_mention_comes_as_an_unknown_event(
    scene: Scene, transport: str, document: str
) -> None:
    generation = await _ended(scene)
    results = await STREAMED[transport](scene.url, scene.token, document, {"id": generation})
    events = [result["data"]["generation"] for result in results]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["cursor"] for event in events] == [
        encode_cursor(generation, event["seq"]) for event in events
    ]
    kinds = [event.get("kind", event["__typename"]) for event in events]
    assert kinds == await _kinds(scene, generation)
    for event in events:
        assert event["__typename"] in ("GenerationOutput", "UnknownEvent")
    output = next(event for event in events if event["__typename"] == "GenerationOutput")
    assert output["text"] == "text"
    unknown = {event["kind"]: json.loads(event["json"]) for event in events if "kind" in event}
    assert unknown["GenerationToolUse"] == {"tool": "Write", "path": "index.html"}
    assert unknown["GenerationProgress"] == {"percent": 5, "message": "Planning"}
    assert unknown["GenerationCompleted"]["message"] == "finished"


@pytest.mark.parametrize("transport", STREAMED)
@pytest.mark.parametrize("document", TRUSTING.values(), ids=TRUSTING.keys())
async def test_any_other_document_gets_the_real_types(
    scene: Scene, transport: str, document: str
) -> None:
    generation = await _ended(scene)
    results = await STREAMED[transport](scene.url, scene.token, document, {"id": generation})
    names = [result["data"]["generation"]["__typename"] for result in results]
    assert names == await _kinds(scene, generation)


async def _ended(scene: Scene) -> str:
    generation = await scene.start()
    scene.execution.say(
        generation,
        Status("Planning", progress=5),
        Stream("text"),
        Status("Writing", tool="Write", path="index.html"),
        Done("finished"),
    )
    await scene.stored(generation)
    return generation


async def _kinds(scene: Scene, generation: str) -> list[str]:
    stored = await scene.stored(generation)
    return [f"Generation{type(entry.event).__name__}" for entry in stored]
