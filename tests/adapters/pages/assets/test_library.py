"""What users see of their assets, and what they may do with whose."""

import pytest

from schema.assets import AssetChanges
from schema.models import Viewer
from tests.adapters.pages.assets.forms import PNG
from tests.adapters.pages.assets.served import Library
from tests.adapters.pages.served import P1, P2, U1, U2

NOWHERE = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.rule(
    "http.assets.upload",
    "http.assets.upload.name",
    "http.assets.list",
    "http.assets.search",
    "http.assets.meta",
    "http.assets.file",
    "http.divergence.uploads-have-a-name",
)
async def test_an_upload_is_listed_found_described_and_read(library: Library) -> None:
    row = await library.uploaded("p.png", originalName="勇者.png", tags="a,b", projectId=P1)
    assert row["filename"] == row["name"] == "勇者.png"
    assert row["url"] == f"/user-assets/{U1}/__.png"
    (listed,) = await library.listed()
    assert listed["projects"] == [{"id": P1, "name": "Game One"}]
    assert list(listed) == [
        "id", "filename", "alias", "mimeType", "size", "isPublic", "tags", "description", "url",
        "projects", "createdAt",
    ]  # fmt: skip
    (found,) = (await library.get("/api/assets/search?q=%E5%8B%87", U1)).json()["assets"]
    assert (found["id"], found["isOwner"]) == (row["id"], True)
    meta = (await library.get(f"/api/assets/{row['id']}/meta", U1)).json()
    assert meta == {key: value for key, value in listed.items() if key != "projects"}
    for address in (
        row["url"],
        f"/api/assets/{row['id']}",
        row["url"].upper()[:12] + row["url"][12:],
    ):
        read = await library.get(address)
        assert (read.status_code, read.content) == (200, PNG)


@pytest.mark.rule("http.assets.list.commas")
async def test_project_names_are_not_taken_apart(library: Library) -> None:
    await library.uploaded(user_id=U2, projectId=P2)
    (listed,) = await library.listed(U2)
    assert listed["projects"] == [{"id": P2, "name": "Game, Two"}]


@pytest.mark.rule("http.assets.list.current")
@pytest.mark.parametrize("echo", ["", "zzz", P2, "%00%F0%9F%8E%AE"])
async def test_the_current_project_comes_back_as_it_was_given(library: Library, echo: str) -> None:
    answer = (await library.get(f"/api/assets?currentProjectId={echo}", U1)).json()
    expected = {"%00%F0%9F%8E%AE": "\0🎮"}.get(echo, echo)
    assert answer == {"assets": [], "currentProjectId": expected}
    assert (await library.get("/api/assets", U1)).json() == {"assets": []}


@pytest.mark.rule(
    "http.assets.search", "http.isolation", "http.divergence.search-sees-all-of-ones-own"
)
async def test_a_search_sees_only_its_own_and_takes_marks_literally(library: Library) -> None:
    mine = await library.uploaded("100%_sure.png")
    await library.uploaded("other.png")
    await library.uploaded("100%_sure.png", user_id=U2)
    for query, found in (("%25_", [mine["id"]]), ("100%25_SURE", [mine["id"]]), ("%25x", [])):
        answer = await library.get(f"/api/assets/search?q={query}", U1)
        assert [row["id"] for row in answer.json()["assets"]] == found
    everything = await library.get("/api/assets/search?q=", U1)
    assert len(everything.json()["assets"]) == 2
    assert (await library.get(f"/api/assets/search?q={'x' * 200}", U1)).status_code == 200
    for bad in ("x" * 201, "%00"):
        assert (await library.get(f"/api/assets/search?q={bad}", U1)).status_code == 400


@pytest.mark.rule(
    "http.guard.asset-owner", "http.guard.order", "http.divergence.bodies-are-read-for-somebody"
)
@pytest.mark.parametrize(
    ("method", "suffix"),
    [("GET", "/meta"), ("PUT", ""), ("PUT", "/publish"), ("DELETE", "")],
)
async def test_whose_asset_it_is_decides_in_the_recorded_order(
    library: Library, method: str, suffix: str
) -> None:
    public, private = await library.uploaded("a.png"), await library.uploaded("b.png")
    await library.cases.update(Viewer(U1), private["id"], AssetChanges(is_public=False))
    expected = [
        (public["id"], None, 401, "No access token provided"),
        ("nope", None, 401, "No access token provided"),
        ("nope", U2, 400, "Invalid asset ID"),
        (NOWHERE, U2, 404, "Asset not found"),
        (private["id"], U2, 404, "Asset not found"),
        (public["id"], U2, 403, "Access denied"),
    ]
    for asset_id, user_id, status, text in expected:
        # A bad body is not looked at before.
        reply = await library.send(method, f"/api/assets/{asset_id}{suffix}", user_id, content=b"{")
        assert (reply.status_code, reply.json()) == (status, {"error": text})
    assert len(await library.listed()) == 2


@pytest.mark.rule("http.assets.update")
async def test_tags_and_description_change_alone_or_together(library: Library) -> None:
    address = f"/api/assets/{(await library.uploaded(tags='a', description='b'))['id']}"
    for body, tags, description in (
        ({"tags": "x"}, "x", "b"),
        ({"description": "絵", "alias": "ignored"}, "x", "絵"),
        ({}, "x", "絵"),
        ({"tags": None, "description": ""}, "", ""),
    ):
        asset = (await library.send("PUT", address, json=body)).json()["asset"]
        assert (asset["tags"], asset["description"]) == (tags, description)
    for bad in ({"tags": 1}, {"description": ["x"]}, {"tags": "x" * 2_001}, {"tags": "\0"}):
        reply = await library.send("PUT", address, json=bad)
        assert reply.status_code == 400
        assert list(reply.json()) == ["error"]


@pytest.mark.rule(
    "http.assets.publish", "http.divergence.publishing-needs-a-boolean", "http.crashes"
)
@pytest.mark.parametrize(
    "value", ["{}", '{"isPublic":null}', '{"isPublic":"true"}', '{"isPublic":1}']
)
async def test_publishing_needs_a_boolean(library: Library, value: str) -> None:
    row = await library.uploaded()
    reply = await library.send(
        "PUT",
        f"/api/assets/{row['id']}/publish",
        headers={"Content-Type": "application/json"},
        content=value,
    )
    assert (reply.status_code, reply.json()) == (400, {"error": "isPublic must be a boolean"})
    assert (await library.listed())[0]["isPublic"] is True


@pytest.mark.rule("http.assets.delete", "http.assets.reserved")
async def test_a_deleted_asset_is_gone_and_its_alias_stays_taken(library: Library) -> None:
    used, unused = await library.uploaded(projectId=P1), await library.uploaded("other.png")
    deleted = await library.send("DELETE", f"/api/assets/{used['id']}")
    text = "Asset deleted. It was used in 1 project(s) - they will now see a placeholder."
    assert deleted.json() == {"success": True, "message": text}
    deleted = await library.send("DELETE", f"/api/assets/{unused['id']}")
    assert deleted.json() == {"success": True, "message": "Asset deleted."}
    again = await library.send("DELETE", f"/api/assets/{used['id']}")
    assert (again.status_code, again.json()) == (404, {"error": "Asset not found"})
    assert await library.listed() == []
    for user_id in (None, U1):
        by_alias = await library.get(used["url"], user_id)
        assert (by_alias.status_code, by_alias.content) == (404, b"Not found")
        assert (await library.get(f"/api/assets/{used['id']}", user_id)).status_code == 404
    assert (await library.uploaded())["alias"] == "player_2.png"


@pytest.mark.rule("http.error.unknown")
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", f"/api/assets/{NOWHERE}"),
        ("PATCH", f"/api/assets/{NOWHERE}"),
        ("POST", "/api/assets/search"),
        ("DELETE", f"/api/assets/{NOWHERE}/meta"),
        ("GET", f"/api/assets/{NOWHERE}/publish"),
        ("PUT", f"/user-assets/{U1}/x.png"),
        ("GET", f"/user-assets/{U1}"),
        ("GET", f"/user-assets/{U1}/a/b.png"),
    ],
)
async def test_other_methods_and_addresses_are_unknown(
    library: Library, method: str, target: str
) -> None:
    reply = await library.send(method, target)
    assert reply.status_code == 404
    assert f"Cannot {method} {target}" in reply.text
