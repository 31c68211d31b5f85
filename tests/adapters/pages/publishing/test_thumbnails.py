"""A project's picture: uploaded, made, shown to everybody, gone with its project."""

import asyncio
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

import pytest

from tests.adapters.pages.api.seeded import NOWHERE
from tests.adapters.pages.assets.forms import GIF_AND_HTML, PNG, SVG_WITH_SCRIPT, Part, form
from tests.adapters.pages.exchange import Reply
from tests.adapters.pages.publishing.stand import ADDRESS, FILES, Stand, open_stand
from tests.adapters.pages.served import P1, P2
from tests.adapters.providers.stub import Said, opened, picture, said

THUMBNAIL: Final = f"{ADDRESS}/thumbnail"
GENERATE: Final = f"{ADDRESS}/generate-thumbnail"


def file(data: bytes, name: str = "t.webp", media_type: str = "image/webp") -> Part:
    return Part("thumbnail", data, name, media_type)


def drawn(data: bytes) -> Said:
    encoded = b64encode(data).decode()
    part = {"inlineData": {"mimeType": "image/png", "data": encoded}}
    return said({"candidates": [{"content": {"parts": [part]}}]})


def check_made(reply: Reply) -> None:
    """The address has the present time in it."""
    assert reply.status == 200, reply.body
    assert reply.json.keys() == {"success", "thumbnailUrl"}
    address, _, at = reply.json["thumbnailUrl"].partition("?t=")
    assert (reply.json["success"], address) == (True, THUMBNAIL)
    assert abs(int(at) / 1_000 - time.time()) < 60


@pytest.mark.rule(
    "http.thumbnail.upload",
    "http.thumbnail.public",
    "http.thumbnail.query",
    "http.divergence.thumbnails-are-what-they-are",
)
@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
async def test_an_uploaded_picture_is_anybodys_as_what_it_is(stand: Stand, kind: str) -> None:
    data = picture(kind=kind)
    check_made(await stand.upload(file(data)))
    for query in ("", "?t=1?t=2", "?access_token=forged", "?t=%FF"):
        reply = await stand.send("GET", THUMBNAIL + query, user_id=None)
        assert (reply.status, reply.body) == (200, data)
        assert reply.headers["content-type"] == f"image/{kind.lower()}"
        assert reply.headers["cache-control"] == "public, max-age=0"
        assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.rule("http.thumbnail.public")
async def test_a_picture_has_head_ranges_and_conditions(stand: Stand) -> None:
    await stand.upload(file(PNG))
    whole = await stand.send("GET", THUMBNAIL)
    head = await stand.send("HEAD", THUMBNAIL)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(PNG)))
    part = await stand.send("GET", THUMBNAIL, headers={"Range": "bytes=1-3"})
    assert (part.status, part.body) == (206, PNG[1:4])
    unchanged = {"If-None-Match": whole.headers["etag"]}
    assert (await stand.send("GET", THUMBNAIL, headers=unchanged)).status == 304
    await stand.upload(file(picture()))
    assert (await stand.send("GET", THUMBNAIL, headers=unchanged)).status == 200


@pytest.mark.rule("http.thumbnail.upload", "http.divergence.bodies-are-refused-in-json")
@pytest.mark.parametrize(
    ("parts", "status", "text"),
    [
        ((), 400, "No file uploaded"),
        ((Part("thumbnail", b"text"),), 400, "No file uploaded"),
        ((Part("file", PNG, "t.png", "image/png"),), 400, "Unexpected field"),
        ((file(b""),), 415, "Invalid file type"),
        ((file(GIF_AND_HTML),), 415, "Invalid file type"),
        ((file(SVG_WITH_SCRIPT),), 415, "Invalid file type"),
        ((file(picture(size=(99, 99))[:-30]),), 415, "Invalid file type"),
        ((file(bytes(1_048_576)),), 413, "File too large"),
    ],
    ids=["nothing", "text", "field", "empty", "gif", "svg", "damaged", "large"],
)
async def test_what_is_no_picture_is_refused_and_changes_nothing(
    stand: Stand, parts: tuple[Part, ...], status: int, text: str
) -> None:
    await stand.upload(file(PNG))
    reply = await stand.upload(*parts)
    assert (reply.status, reply.json) == (status, {"error": text})
    assert (await stand.send("GET", THUMBNAIL)).body == PNG


@pytest.mark.rule("http.thumbnail.public")
async def test_what_has_no_picture_is_not_found(stand: Stand) -> None:
    for project_id in (P1, P2, NOWHERE, "zzz", f"{P1}%00", "%2e%2e"):
        reply = await stand.send("GET", f"/api/projects/{project_id}/thumbnail", user_id=None)
        assert (reply.status, reply.body) == (404, b"Not found"), project_id
        assert reply.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.rule("http.thumbnail.public")
async def test_a_picture_from_before_is_served_until_there_is_another(tmp_path: Path) -> None:
    jpeg = picture(kind="JPEG")
    async with open_stand(tmp_path, files={**FILES, "thumbnail.webp": jpeg}) as stand:
        reply = await stand.send("GET", THUMBNAIL, user_id=None)
        assert (reply.body, reply.headers["content-type"]) == (jpeg, "image/jpeg")
        await stand.upload(file(PNG))
        assert (await stand.send("GET", THUMBNAIL, user_id=None)).body == PNG


@pytest.mark.rule("http.thumbnail.generate")
async def test_a_picture_is_made_from_title_spec_and_the_games_images(stand: Stand) -> None:
    for number in range(4):
        image = Part("file", picture(size=(8, 8 + number)), f"{number}.png", "image/png")
        content_type, body = form(Part("projectId", P1.encode()), image)
        headers = {"Content-Type": content_type}
        await stand.send("POST", "/api/assets/upload", body, headers=headers)
    stand.provider.answers = [drawn(picture(size=(2_160, 3_840)))]
    check_made(await stand.send("POST", GENERATE, {"title": "星のゲーム"}))
    shown = await stand.send("GET", THUMBNAIL, user_id=None)
    assert shown.headers["content-type"] == "image/webp"
    assert opened(shown.body).size == (1_080, 1_920)
    asked = stand.provider.asked[0].json
    words, *references = asked["contents"][0]["parts"]
    assert "星のゲーム" in words["text"]
    assert "Collect stars." in words["text"]
    shown_images = [opened(b64decode(part["inlineData"]["data"])) for part in references]
    assert [image.size for image in shown_images] == [(8, 8), (8, 9), (8, 10)]
    assert asked["generationConfig"]["imageConfig"] == {"aspectRatio": "9:16"}


@pytest.mark.rule("http.thumbnail.generate")
@pytest.mark.parametrize("body", [b"", {}, {"title": 5}, {"title": None}])
async def test_without_a_title_the_projects_name_is_used(stand: Stand, body: object) -> None:
    stand.provider.answers = [drawn(PNG)]
    check_made(await stand.send("POST", GENERATE, body))
    assert "Game One" in stand.provider.asked[0].json["contents"][0]["parts"][0]["text"]


@pytest.mark.rule("http.thumbnail.generate")
async def test_a_failed_picture_leaves_the_one_before(stand: Stand) -> None:
    await stand.upload(file(PNG))
    for answer in (said({}, 500), said({}), drawn(b"no picture"), drawn(picture()[:-30])):
        stand.provider.answers = [answer]
        reply = await stand.send("POST", GENERATE, {})
        assert (reply.status, reply.json.keys()) == (500, {"error"})
        assert (await stand.send("GET", THUMBNAIL)).body == PNG


@pytest.mark.rule("http.thumbnail.generate", "http.divergence.missing-providers-are-told")
async def test_without_a_provider_it_is_said(bare_stand: Stand) -> None:
    reply = await bare_stand.send("POST", GENERATE, {})
    unavailable = {"error": "Image generation service not available"}
    assert (reply.status, reply.json) == (503, unavailable)


@pytest.mark.rule("http.thumbnail.public")
async def test_a_picture_goes_with_its_project(stand: Stand) -> None:
    await stand.upload(file(PNG))
    assert stand.stored() == {"thumbnail"}
    await stand.delete_project()
    assert stand.stored() == set()
    assert (await stand.send("GET", THUMBNAIL, user_id=None)).status == 404


@pytest.mark.rule("http.thumbnail.generate")
async def test_a_picture_that_comes_after_its_project_went_is_not_kept(stand: Stand) -> None:
    waiting = stand.provider.hold_next(drawn(PNG))
    async with asyncio.TaskGroup() as group:
        made = group.create_task(stand.send("POST", GENERATE, {}))
        await stand.provider.held.wait()
        await stand.delete_project()
        waiting.set()
    assert (made.result().status, made.result().json) == (404, {"error": "Project not found"})
    assert stand.stored() == set()
