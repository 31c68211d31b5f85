"""What a client reads without a subscription: the same facts, in pages."""

from typing import Any, Final

import pytest

from schema.cursor import encode_cursor
from schema.execution import Done, Status, Stream
from schema.identifiers import random_uuid
from tests.gateway.agreement import assert_agrees
from tests.gateway.asking import code_of
from tests.gateway.asset_client import upload
from tests.gateway.client import CANCEL
from tests.gateway.conftest import BOB, Scene, collect
from tests.gateway.watchers import WATCH, WATCHERS

EVENT: Final = WATCH[WATCH.index("{\n    __typename") : WATCH.rindex("}")]
EVENTS: Final = f"""
query($id: ID!, $first: Int!, $after: Cursor) {{
  generation(id: $id) {{
    events(first: $first, after: $after) {{
      edges {{ cursor node {EVENT} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}
"""
GENERATION: Final = """
query($id: ID!) {
  generation(id: $id) {
    id status progress progressMessage createdAt updatedAt lastSeq
    project { id name activeGeneration { id } }
  }
}
"""


async def test_the_viewer_is_who_the_token_says(scene: Scene) -> None:
    answer = await scene.query("{ viewer { id email } }")
    assert answer["data"]["viewer"] == {
        "id": "00000000-0000-4000-8000-000000000001",
        "email": "developer@localhost",
    }
    answer = await scene.query("{ viewer { id email } }", token=scene.token_of(BOB))
    assert answer["data"]["viewer"] == {"id": BOB, "email": None}


async def test_what_does_not_exist_is_null(scene: Scene) -> None:
    answer = await scene.query(
        "query($id: ID!) { project(id: $id) { id } generation(id: $id) { id } }",
        {"id": random_uuid()},
    )
    assert answer == {"data": {"project": None, "generation": None}}


NODE: Final = """
query($id: ID!) {
  node(id: $id) {
    __typename id
    ... on Project { name }
    ... on Generation { project { id } }
    ... on Asset { alias }
  }
}
"""


async def test_anything_of_the_viewers_is_a_node_and_nothing_of_others_is(scene: Scene) -> None:
    project = await scene.project(name="Stars")
    generation = await scene.start(project_id=project)
    asset = (await upload(scene, "ship.png"))["id"]
    nodes: list[dict[str, Any]] = [
        {"__typename": "Project", "id": project, "name": "Stars"},
        {"__typename": "Generation", "id": generation, "project": {"id": project}},
        {"__typename": "Asset", "id": asset, "alias": "ship.png"},
    ]
    for node in nodes:
        for id in (node["id"], node["id"].upper()):
            assert (await scene.query(NODE, {"id": id}))["data"]["node"] == node
        foreign = await scene.query(NODE, {"id": node["id"]}, scene.token_of(BOB))
        assert foreign == {"data": {"node": None}}
    assert (await scene.query(NODE, {"id": random_uuid()})) == {"data": {"node": None}}
    assert code_of(await scene.query(NODE, {"id": "x"})) == "INVALID_INPUT"


async def test_ids_are_the_same_in_capitals(scene: Scene) -> None:
    project = await scene.project()
    answer = await scene.query(
        "query($id: ID!) { project(id: $id) { id } }", {"id": project.upper()}
    )
    assert answer["data"]["project"]["id"] == project


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
async def test_projects_come_newest_first_and_once_whatever_the_page(
    scene: Scene, size: int
) -> None:
    await scene.project(scene.token_of(BOB), "not mine")
    made = [await scene.project(name=f"Game {number}") for number in range(5)]
    document = (
        "query($first: Int!, $after: String) { projects(first: $first, after: $after) "
        "{ edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }"
    )
    found: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        variables = {"first": size, "after": page["pageInfo"]["endCursor"]}
        page = (await scene.query(document, variables))["data"]["projects"]
        assert 0 < len(page["edges"]) <= size
        assert page["edges"][-1]["cursor"] == page["pageInfo"]["endCursor"]
        found += [edge["node"]["id"] for edge in page["edges"]]
    assert found == made[::-1]


async def test_an_empty_list_is_a_page_without_edges(scene: Scene) -> None:
    answer = await scene.query(
        "{ projects { edges { cursor } pageInfo { hasNextPage endCursor } } }"
    )
    assert answer["data"]["projects"] == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


async def test_a_page_cursor_of_another_list_is_refused(scene: Scene) -> None:
    foreign = await scene.project(scene.token_of(BOB))
    project = await scene.project()
    for after in (foreign, random_uuid()):
        answer = await scene.query(
            "query($after: String) { projects(after: $after) { edges { cursor } } }",
            {"after": after},
        )
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
    for after in (project, "../../etc/passwd", "\0"):
        answer = await scene.query(
            "query($id: ID!, $after: String) { project(id: $id) "
            "{ generations(after: $after) { edges { cursor } } } }",
            {"id": project, "after": after},
        )
        code = answer["errors"][0]["extensions"]["code"]
        assert code == ("INVALID_CURSOR" if after == project else "INVALID_INPUT")


async def test_a_generation_is_active_until_it_ends(scene: Scene) -> None:
    project = await scene.project(name="Breakout")
    generation = await scene.start("a game", project_id=project)
    scene.execution.say(generation, Status("Writing", progress=40), Stream("text"))
    await collect(scene.watcher("graphql-sse").watch(generation), count=4)
    running = (await scene.query(GENERATION, {"id": generation}))["data"]["generation"]
    assert running["id"] == generation
    assert running["status"] == "PROCESSING"
    assert running["lastSeq"] == 4
    assert running["project"] == {
        "id": project,
        "name": "Breakout",
        "activeGeneration": {"id": generation},
    }
    scene.execution.say(generation, Done("finished", version="c" * 40, created=True))
    await scene.stored(generation)
    # A cancel that comes too late waits until the end is settled, and changes nothing.
    await scene.query(CANCEL, {"id": generation})
    ended = (await scene.query(GENERATION, {"id": generation}))["data"]["generation"]
    assert ended["status"] == "COMPLETED"
    assert (ended["progress"], ended["progressMessage"]) == (100, "Writing")
    assert ended["lastSeq"] == len(await scene.stored(generation))
    assert ended["project"]["activeGeneration"] is None
    assert running["createdAt"] == ended["createdAt"] <= ended["updatedAt"]


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_pages_of_events_are_the_log_with_its_cursors(scene: Scene, size: int) -> None:
    generation = await scene.start()
    scene.execution.say(generation, *(Stream(f"{n}") for n in range(5)), Done("finished"))
    stored = await scene.stored(generation)
    after, found = None, []
    while True:
        variables = {"id": generation, "first": size, "after": after}
        answer = await scene.query(EVENTS, variables)
        page = answer["data"]["generation"]["events"]
        found += [edge["node"] for edge in page["edges"]]
        for edge in page["edges"]:
            assert edge["cursor"] == edge["node"]["cursor"]
            assert edge["cursor"] == encode_cursor(generation, edge["node"]["seq"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["edges"]) == size
    assert_agrees(found, stored)
    # The end of a page is a position for a subscription, on any transport.
    resumed = await collect(
        scene.watcher("graphql-transport-ws").watch(generation, found[2]["cursor"])
    )
    assert_agrees(resumed, stored[3:])


@pytest.mark.parametrize("transport", WATCHERS)
async def test_a_snapshot_stands_for_the_past_and_the_stream_goes_on(
    scene: Scene, transport: str
) -> None:
    generation = await scene.start()
    scene.execution.say(
        generation,
        Status("Planning", progress=20),
        Stream("lost ", 1),
        Status("Retrying", retract=1),
        Stream("kept ", 2),
        Status("Writing", tool="Write", path="index.html"),
    )
    before = await collect(scene.watcher(transport).watch(generation), count=8)
    stream = scene.watcher(transport).watch(generation, snapshot=True)
    snapshot = await anext(stream)
    scene.execution.say(generation, Stream("new", 2), Done("finished"))
    following = await collect(stream)
    assert snapshot["__typename"] == "Snapshot"
    assert (snapshot["seq"], snapshot["cursor"]) == (before[-1]["seq"], before[-1]["cursor"])
    assert (snapshot["text"], snapshot["reached"]) == ("kept ", 20)
    assert snapshot["paths"] == ["index.html"]
    assert_agrees(following, await scene.stored(generation, after=snapshot["seq"]))
