"""Assets over a real gateway: uploaded as the page does it, read and changed by GraphQL."""

from hashlib import sha256
from typing import Any, Final

import pytest

from schema.assets import MAX_TEXT_CHARACTERS
from schema.identifiers import random_uuid
from tests.gateway.asking import SINGLE, code_of
from tests.gateway.asset_client import (
    ASSET,
    ASSETS,
    DATA,
    DELETE,
    UPDATE,
    aliases,
    listed,
    outcome,
    shown,
    upload,
)
from tests.gateway.conftest import BOB, Scene

MALFORMED: Final = ("", "x", "../../etc/passwd", "{11111111-1111-4111-8111-111111111111}")


@pytest.mark.parametrize("transport", SINGLE)
async def test_what_was_uploaded_is_read_and_its_address_serves_it(
    scene: Scene, transport: str
) -> None:
    made = await upload(scene, "宇宙船.png", tags="船,ship", description="速い")
    answer = await SINGLE[transport](scene.url, scene.token, ASSET, {"id": made["id"].upper()})
    asset = answer["data"]["asset"]
    assert asset.pop("createdAt")
    assert asset == {
        "id": made["id"],
        "alias": made["alias"],
        "filename": "宇宙船.png",
        "mimeType": "image/png",
        "size": len(DATA),
        "hash": sha256(DATA).hexdigest(),
        "isPublic": True,
        "tags": "船,ship",
        "description": "速い",
        "url": made["url"],
    }
    served = await scene.http.get(asset["url"])
    assert (served.status_code, served.content) == (200, DATA)


async def test_what_is_not_the_viewers_is_no_asset(scene: Scene) -> None:
    public = await upload(scene, token=scene.token_of(BOB))
    private = await upload(scene, token=scene.token_of(BOB))
    change = {"input": {"id": private["id"], "isPublic": False}}
    await scene.query(UPDATE, change, scene.token_of(BOB))
    for missing in (public["id"], private["id"], random_uuid()):
        assert await shown(scene, missing) is None
        for document, variables in (
            (UPDATE, {"input": {"id": missing, "tags": "mine"}}),
            (DELETE, {"id": missing}),
        ):
            refused = await outcome(scene, document, variables)
            assert refused["__typename"] == "AssetNotFound"
            assert refused["code"] == "ASSET_NOT_FOUND"
    assert await aliases(scene) == []
    for kept in (public, private):
        found = await shown(scene, kept["id"], scene.token_of(BOB))
        assert found is not None
        assert found["tags"] is None


@pytest.mark.parametrize("malformed", MALFORMED)
async def test_a_malformed_id_is_refused(scene: Scene, malformed: str) -> None:
    for document, variables in (
        (ASSET, {"id": malformed}),
        (ASSETS, {"after": malformed}),
        (UPDATE, {"input": {"id": malformed}}),
        (DELETE, {"id": malformed}),
    ):
        assert code_of(await scene.query(document, variables)) == "INVALID_INPUT"


async def test_nobody_has_no_assets(scene: Scene) -> None:
    for document, variables in (
        (ASSET, {"id": random_uuid()}),
        (ASSETS, {}),
        (UPDATE, {"input": {"id": random_uuid()}}),
        (DELETE, {"id": random_uuid()}),
    ):
        answer = await scene.query(document, variables, token="forged")
        assert code_of(answer) == "UNAUTHENTICATED"


async def test_pages_are_newest_first_and_complete(scene: Scene) -> None:
    made = [(await upload(scene))["id"] for _ in range(5)]
    await upload(scene, token=scene.token_of(BOB))
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        page = await listed(scene, first=2, after=page["pageInfo"]["endCursor"])
        assert 1 <= len(page["edges"]) <= 2
        seen += [edge["node"]["id"] for edge in page["edges"]]
    assert seen == made[::-1]


async def test_a_page_has_a_size_and_a_position_in_its_list(scene: Scene) -> None:
    foreign = await upload(scene, token=scene.token_of(BOB))
    for size in (0, -1, 101):
        assert code_of(await scene.query(ASSETS, {"first": size})) == "INVALID_INPUT"
    for after in (foreign["id"], random_uuid()):
        assert code_of(await scene.query(ASSETS, {"after": after})) == "INVALID_CURSOR"


async def test_a_search_finds_text_in_any_case_and_takes_it_as_it_is(scene: Scene) -> None:
    await upload(scene, "Rocket.png")
    await upload(scene, "b.png", tags="宇宙船,100%")
    await upload(scene, "c.png", description="a ROCKET's flame")
    assert await aliases(scene, "rocket") == ["c.png", "Rocket.png"]
    assert await aliases(scene, "宇宙") == ["b.png"]
    assert await aliases(scene, "%") == ["b.png"]
    assert await aliases(scene, "nothing") == []
    assert await aliases(scene, "") == await aliases(scene) == ["c.png", "b.png", "Rocket.png"]
    assert code_of(await scene.query(ASSETS, {"search": "x" * 10_000})) == "INVALID_INPUT"


async def test_what_is_left_out_of_an_update_stays(scene: Scene) -> None:
    made = await upload(scene, tags="old", description="old")
    for change, expected in (
        ({}, ("old", "old", True)),
        ({"tags": "新しい"}, ("新しい", "old", True)),
        ({"tags": None, "isPublic": False}, ("新しい", "old", False)),
        ({"description": "x" * MAX_TEXT_CHARACTERS}, ("新しい", "x" * 2_000, False)),
    ):
        updated = await outcome(scene, UPDATE, {"input": {"id": made["id"], **change}})
        asset = updated["asset"]
        assert (asset["tags"], asset["description"], asset["isPublic"]) == expected
        assert await shown(scene, made["id"]) == asset
    assert (await scene.http.get(made["url"])).status_code == 404


@pytest.mark.parametrize("field", ["tags", "description"])
async def test_a_text_that_is_too_long_changes_nothing(scene: Scene, field: str) -> None:
    made = await upload(scene)
    before = await shown(scene, made["id"])
    change = {"id": made["id"], "isPublic": False, field: "x" * (MAX_TEXT_CHARACTERS + 1)}
    refused = await outcome(scene, UPDATE, {"input": change})
    assert (refused["__typename"], refused["code"]) == ("InvalidText", "INVALID_INPUT")
    assert field in refused["message"]
    assert await shown(scene, made["id"]) == before


async def test_a_deleted_asset_is_gone_and_says_where_it_was_used(scene: Scene) -> None:
    project = await scene.project()
    used, unused = await upload(scene, projectId=project), await upload(scene)
    for asset, count in ((used, 1), (unused, 0)):
        deleted = await outcome(scene, DELETE, {"id": asset["id"].upper()})
        expected = {"__typename": "DeleteAssetSuccess", "id": asset["id"], "usedIn": count}
        assert deleted == expected
        assert await shown(scene, asset["id"]) is None
        assert (await scene.http.get(asset["url"])).status_code == 404
        again = await outcome(scene, DELETE, {"id": asset["id"]})
        assert again == {"__typename": "AssetNotFound", "code": "ASSET_NOT_FOUND"}
    assert await aliases(scene) == []
    assert (await upload(scene))["alias"] not in (used["alias"], unused["alias"])


async def test_an_asset_outlives_the_project_it_was_made_for(scene: Scene) -> None:
    project = await scene.project()
    made = await upload(scene, projectId=project)
    await scene.query(
        "mutation($id: ID!) { deleteProject(id: $id) { __typename } }", {"id": project}
    )
    assert await shown(scene, made["id"]) is not None
    assert (await scene.http.get(made["url"])).content == DATA
