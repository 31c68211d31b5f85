"""Images that the editor has made, and backgrounds that it has removed."""

import asyncio
from base64 import b64decode, b64encode
from typing import Any, Final

import pytest

from schema.providers import MAX_PICTURE_BYTES
from tests.adapters.pages.assets.forms import GIF_AND_HTML, PNG, SVG_WITH_SCRIPT
from tests.adapters.pages.publishing.stand import ADDRESS, Stand
from tests.adapters.pages.publishing.test_thumbnails import drawn
from tests.adapters.pages.served import U2
from tests.adapters.providers.stub import KEY, Said, opened, picture, said

GENERATE: Final = "/api/generate-image"
REMOVE: Final = "/api/assets/remove-background"
SPRITE: Final = picture((255, 0, 255), (20, 20), square=(5, 5, 15, 15))


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


MISSING: Final[tuple[object, ...]] = (None, "", 5, [])
NO_DATA: Final = (
    *("https://elsewhere.example/x.png", "http://169.254.169.254/", "file:///etc/x", "data:x"),
    *("data:text/html;base64,AAAA", "data:image/png,AAAA", "data:image/png;base64,é"),
    *("data:image/png;base64,A", "data:image/png;base64,AA==\n"),
)
NO_PICTURES: Final = tuple(map(data_url, (b"", b"text", GIF_AND_HTML, SVG_WITH_SCRIPT)))


def inlined(body: dict[str, Any]) -> bytes:
    prefix, _, data = body["image"].partition(",")
    assert prefix == "data:image/png;base64"
    return b64decode(data)


@pytest.mark.rule("http.image.generate", "http.divergence.images-have-a-style")
async def test_a_sprite_is_made_from_words(stand: Stand) -> None:
    stand.provider.answers = [drawn(SPRITE)]
    wanted = {"prompt": "星", "style": "pixel", "size": "512x768"}
    reply = await stand.send("POST", GENERATE, wanted)
    assert (reply.status, reply.json["success"]) == (200, True)
    assert opened(inlined(reply.json)).size == (8, 8)
    asked = stand.provider.asked[0].json
    assert reply.json["prompt"] == asked["contents"][0]["parts"][0]["text"]
    for words in ("星", "pixel art", "#FF00FF"):
        assert words in reply.json["prompt"]
    assert asked["generationConfig"]["imageConfig"] == {"aspectRatio": "2:3"}


@pytest.mark.rule("http.image.generate")
@pytest.mark.parametrize("body", [{}, {"prompt": ""}, {"prompt": " "}, {"prompt": 5}, b""])
async def test_words_are_needed(bare_stand: Stand, body: object) -> None:
    reply = await bare_stand.send("POST", GENERATE, body)
    assert (reply.status, reply.json) == (400, {"error": "prompt is required"})


@pytest.mark.rule("http.image.generate", "http.image.background")
async def test_without_a_provider_it_is_said(bare_stand: Stand) -> None:
    reply = await bare_stand.send("POST", GENERATE, {"prompt": "x"})
    unavailable = {"error": "Image generation service not available"}
    assert (reply.status, reply.json) == (503, unavailable)
    reply = await bare_stand.send("POST", REMOVE, {"image": "data:x"})
    unavailable = {"error": "Background removal service not configured"}
    assert (reply.status, reply.json) == (503, unavailable)


@pytest.mark.rule("http.image.generate")
async def test_words_are_bounded(stand: Stand) -> None:
    reply = await stand.send("POST", GENERATE, {"prompt": "x" * 4_001})
    assert (reply.status, reply.json.keys()) == (400, {"error"})
    assert stand.provider.asked == []


@pytest.mark.rule("http.image.failure")
@pytest.mark.parametrize("answer", [said({"error": KEY}, 403), said({}), Said(b"<html>")])
async def test_a_failure_says_that_it_is_none(stand: Stand, answer: Said) -> None:
    stand.provider.answers = [answer]
    reply = await stand.send("POST", GENERATE, {"prompt": "x"})
    assert (reply.status, reply.json) == (
        500,
        {"error": "Image generation failed", "success": False},
    )
    reply = await stand.send("POST", REMOVE, {"image": data_url(PNG)})
    told = {"error": "Background removal service error", "success": False}
    assert (reply.status, reply.json) == (500, told)


@pytest.mark.rule("http.image.background")
async def test_a_background_is_removed_from_what_the_picture_is(stand: Stand) -> None:
    cut = picture((0, 0, 0, 0))
    done = {"id": "p1", "status": "succeeded", "output": f"{stand.provider.url}/out.png"}
    stand.provider.answers = [said(done, 201), Said(cut, media_type="image/png")]
    photo = picture(kind="JPEG")
    reply = await stand.send("POST", REMOVE, {"image": data_url(photo, "image/png")})
    assert (reply.status, reply.json["success"]) == (200, True)
    assert inlined(reply.json) == cut
    sent = stand.provider.asked[0].json["input"]["image"]
    assert sent == data_url(photo, "image/jpeg")


@pytest.mark.rule(
    "http.image.background", "http.forwarding", "http.divergence.images-are-sent-along"
)
@pytest.mark.parametrize(
    ("images", "status", "text"),
    [
        (MISSING, 400, "image is required"),
        (NO_DATA, 400, "image must be a data URL of an image in base64"),
        (NO_PICTURES, 415, "Invalid file type"),
    ],
    ids=["missing", "no data", "no pictures"],
)
async def test_only_pictures_in_the_request_itself_are_taken(
    stand: Stand, images: tuple[object, ...], status: int, text: str
) -> None:
    for image in images:
        reply = await stand.send("POST", REMOVE, {"image": image})
        assert (reply.status, reply.json) == (status, {"error": text}), image
    assert stand.provider.asked == []


@pytest.mark.rule("http.image.background", "http.divergence.bodies-are-refused-in-json")
async def test_a_picture_is_bounded(stand: Stand) -> None:
    announced = {"Content-Length": str(MAX_PICTURE_BYTES * 2), "Expect": "100-continue"}
    reply = await stand.send("POST", REMOVE, headers=announced)
    assert (reply.status, reply.json) == (413, {"error": "Request too large"})


@pytest.mark.rule("http.image.generate", "http.divergence.turns-are-counted")
async def test_a_user_has_three_things_made_at_once_and_others_are_not_held_up(
    stand: Stand,
) -> None:
    waiting = stand.provider.hold_next(drawn(PNG), count=3)
    async with asyncio.TaskGroup() as group:
        made = [
            group.create_task(stand.send("POST", target, {"prompt": "x"}))
            for target in (GENERATE, GENERATE, f"{ADDRESS}/generate-thumbnail")
        ]
        await stand.provider.held.wait()
        refused = await stand.send("POST", GENERATE, {"prompt": "x"})
        assert (refused.status, refused.json.keys()) == (429, {"error"})
        assert (await stand.send("POST", f"{ADDRESS}/generate-movie", {})).status == 429
        announced = {"Content-Length": str(MAX_PICTURE_BYTES), "Expect": "100-continue"}
        assert (await stand.send("POST", REMOVE, headers=announced)).status == 429
        other = await stand.send("POST", GENERATE, {"prompt": "x"}, U2)
        waiting.set()
    assert [task.result().status for task in made] == [200] * 3
    assert other.status == 200
    assert (await stand.send("POST", GENERATE, {"prompt": "x"})).status == 200
