"""Pictures from a Gemini model, over real HTTP."""

import logging
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from typing import Any, Final

import httpx
import pytest

from adapters.providers.images import FAILED, SPRITE, GeminiImages
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import ImageRequest
from tests.adapters.providers.stub import KEY, Said, Stub, opened, picture, provider, said

MAGENTA: Final = (255, 0, 255)
SPRITE_FILE: Final = picture(MAGENTA, (20, 20), square=(5, 6, 15, 14))


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def images(stub: Stub, http: httpx.AsyncClient, seconds: float = 20) -> GeminiImages:
    return GeminiImages(http, stub.url, KEY, model="a-model", timeout=seconds)


def drawn(*data: bytes) -> Said:
    """An answer with some text and these pictures."""
    parts: list[Any] = [{"text": "Here it is."}]
    for picture_data in data:
        encoded = b64encode(picture_data).decode()
        parts.append({"inlineData": {"mimeType": "image/png", "data": encoded}})
    return said({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]})


async def test_a_picture_is_asked_for_in_words_and_shape_with_the_key_in_a_header(
    http: httpx.AsyncClient,
) -> None:
    photo = picture(kind="JPEG")
    async with provider(drawn(photo)) as stub:
        made = await images(stub, http).generate(ImageRequest("a cat", "9:16"))
        (asked,) = stub.asked
    assert (made.data, made.media_type, made.prompt) == (photo, "image/jpeg", "a cat")
    assert (asked.method, asked.path) == ("POST", "/v1beta/models/a-model:generateContent")
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.json["contents"][0]["parts"] == [{"text": "a cat"}]
    assert asked.json["generationConfig"]["imageConfig"] == {"aspectRatio": "9:16"}


async def test_references_are_shown_as_what_they_are_and_others_left_out(
    http: httpx.AsyncClient,
) -> None:
    webp = picture(kind="WEBP")
    async with provider(drawn(picture())) as stub:
        request = ImageRequest("a cat", references=(b"<svg/>", webp))
        await images(stub, http).generate(request)
        _, shown = stub.asked[0].json["contents"][0]["parts"]
    assert shown["inlineData"]["mimeType"] == "image/webp"
    assert b64decode(shown["inlineData"]["data"]) == webp


async def test_a_sprite_is_cut_out_of_its_background(http: httpx.AsyncClient) -> None:
    async with provider(drawn(SPRITE_FILE)) as stub:
        made = await images(stub, http).generate(ImageRequest("a cat", transparent=True))
        text = stub.asked[0].json["contents"][0]["parts"][0]["text"]
    assert text == made.prompt
    assert made.prompt.startswith("a cat")
    assert made.prompt.endswith(SPRITE)
    assert made.media_type == "image/png"
    assert opened(made.data).size == (8, 6)
    assert opened(made.data).getpixel((0, 0)) == (0, 0, 255, 255)


async def test_a_sprite_that_cannot_be_cut_out_is_left_as_it_is(http: httpx.AsyncClient) -> None:
    nothing_else = picture(MAGENTA, kind="JPEG")
    async with provider(drawn(nothing_else)) as stub:
        made = await images(stub, http).generate(ImageRequest("a cat", transparent=True))
    assert (made.data, made.media_type) == (nothing_else, "image/jpeg")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (said({"error": {"code": 429, "message": f"quota of {KEY}"}}, 429), FAILED),
        (said({"error": {"code": 400, "message": f"bad key {KEY}"}}, 400), FAILED),
        (said({"error": {}}, 500), FAILED),
        (Said(b"moved", 302, headers={"Location": "http://127.0.0.1:1/"}), FAILED),
        (Said(b"<html>Please sign in.</html>", media_type="text/html"), FAILED),
        (Said(b""), FAILED),
        (Said(b"[" * 100_000), FAILED),
        (said({}), FAILED),
        (said({"candidates": None}), FAILED),
        (said({"promptFeedback": {"blockReason": "SAFETY"}}), FAILED),
        (said({"candidates": [{"finishReason": "IMAGE_SAFETY"}]}), FAILED),
        (drawn(), FAILED),
        (drawn(b"no picture"), FAILED),
        (said({"candidates": [{"content": {"parts": [{"inlineData": {"data": "é"}}]}}]}), FAILED),
        (said({"candidates": [{"content": {"parts": [{"inlineData": {"data": "A"}}]}}]}), FAILED),
        (Said(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), FAILED),
    ],
)
async def test_a_failure_has_a_text_for_players_and_nothing_of_the_providers(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, answer: Said, text: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with provider(answer) as stub:
        with pytest.raises(DreamCoreError) as failure:
            await images(stub, http).generate(ImageRequest("a cat", transparent=True))
        assert len(stub.asked) == 1
    assert (failure.value.code, failure.value.message) == (ErrorCode.PROVIDER_FAILED, text)
    assert failure.value.__suppress_context__ or failure.value.__context__ is None
    logged = [record for record in caplog.records if record.name.startswith("adapters.")]
    assert not [record for record in logged if KEY in str(vars(record))]


async def test_a_provider_is_nowhere_or_silent_only_for_a_while(http: httpx.AsyncClient) -> None:
    async with provider(None) as stub:
        with pytest.raises(DreamCoreError, match=FAILED):
            await images(stub, http, seconds=0.2).generate(ImageRequest("a cat"))
    with pytest.raises(DreamCoreError, match=FAILED):
        await images(stub, http).generate(ImageRequest("a cat"))
