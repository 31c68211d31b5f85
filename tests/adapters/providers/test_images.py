"""Pictures from a Gemini model, over real HTTP."""

import asyncio
import logging
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from typing import Any, Final

import anyio
import httpx
import pytest

from adapters.providers.images import (
    FAILED,
    MAX_REFERENCE_BYTES,
    MAX_REFERENCES,
    SPRITE,
    GeminiImages,
)
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import MAX_PICTURE_BYTES, ImageRequest
from tests.adapters.providers.stub import (
    KEY,
    Said,
    Stub,
    opened,
    picture,
    provider,
    reveals,
    said,
)

MAGENTA: Final = (255, 0, 255)
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
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


async def test_references_are_shown_as_many_and_as_large_as_the_service_takes(
    http: httpx.AsyncClient,
) -> None:
    small = [picture((0, 0, blue)) for blue in range(MAX_REFERENCES + 1)]
    large = picture() + bytes(MAX_REFERENCE_BYTES)
    async with provider(drawn(picture())) as stub:
        await images(stub, http).generate(ImageRequest("a cat", references=(large, *small)))
        _, *shown = stub.asked[0].json["contents"][0]["parts"]
    assert [b64decode(part["inlineData"]["data"]) for part in shown] == small[:-1]


async def test_drafts_and_pictures_that_are_too_large_are_passed_over(
    http: httpx.AsyncClient,
) -> None:
    def part(data: bytes) -> dict[str, Any]:
        return {"inlineData": {"data": b64encode(data).decode()}}

    large, wanted = PNG_HEAD + bytes(MAX_PICTURE_BYTES - len(PNG_HEAD) + 1), picture()
    parts = [{**part(picture((1, 1, 1))), "thought": True}, part(large), part(wanted)]
    async with provider(said({"candidates": [{"content": {"parts": parts}}]})) as stub:
        made = await images(stub, http).generate(ImageRequest("a cat"))
    assert made.data == wanted


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
    "answer",
    [
        said({"error": {"code": 429, "message": f"quota of {KEY}"}}, 429),
        said({"error": {"code": 400, "message": f"bad key {KEY}"}}, 400),
        said({"error": {}}, 500),
        Said(b"<html>Please sign in.</html>", media_type="text/html"),
        Said(b""),
        Said(b"[" * 100_000),
        said({}),
        said({"candidates": None}),
        said({"promptFeedback": {"blockReason": "SAFETY"}}),
        said({"candidates": [{"finishReason": "IMAGE_SAFETY"}]}),
        drawn(),
        drawn(b"no picture"),
        said({"candidates": [{"content": {"parts": [{"inlineData": {"data": "é"}}]}}]}),
        said({"candidates": [{"content": {"parts": [{"inlineData": {"data": "A"}}]}}]}),
        Said(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    ],
)
async def test_a_failure_has_a_text_for_players_and_nothing_of_the_providers(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, answer: Said
) -> None:
    caplog.set_level(logging.DEBUG)
    async with provider(answer) as stub:
        with pytest.raises(DreamCoreError) as failure:
            await images(stub, http).generate(ImageRequest("a cat", transparent=True))
        assert len(stub.asked) == 1
    assert (failure.value.code, failure.value.message) == (ErrorCode.PROVIDER_FAILED, FAILED)
    assert "provider failed" in [record.message for record in caplog.records]
    assert not reveals(failure.value, caplog.records)


async def test_a_redirect_takes_the_key_nowhere(http: httpx.AsyncClient) -> None:
    async with provider(drawn(picture())) as elsewhere:
        moved = Said(status=307, headers={"Location": f"{elsewhere.url}/v1beta"})
        async with provider(moved) as stub:
            with pytest.raises(DreamCoreError, match=FAILED):
                await images(stub, http).generate(ImageRequest("a cat"))
            assert len(stub.asked) == 1
        assert elsewhere.asked == []


async def test_an_answer_without_an_announced_size_is_bounded(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with provider() as stub:
        with pytest.raises(DreamCoreError, match=FAILED):
            await GeminiImages(http, f"{stub.url}/unannounced?", KEY).generate(ImageRequest("cat"))
    reasons = [vars(record).get("reason") for record in caplog.records]
    assert "too large" in reasons


async def test_a_key_that_no_header_takes_is_not_told(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with provider(drawn(picture())) as stub:
        for key in (f"{KEY}\r\nX: y", f"{KEY}é"):
            with pytest.raises(DreamCoreError, match=FAILED) as failure:
                await GeminiImages(http, stub.url, key).generate(ImageRequest("a cat"))
            assert not reveals(failure.value, caplog.records)
        assert stub.asked == []


async def test_a_provider_is_nowhere_or_silent_only_for_a_while(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with provider(None) as stub:
        with pytest.raises(DreamCoreError, match=FAILED) as silent:
            await images(stub, http, seconds=0.2).generate(ImageRequest("a cat"))
    with pytest.raises(DreamCoreError, match=FAILED) as nowhere:
        await images(stub, http).generate(ImageRequest("a cat"))
    for failure in (silent, nowhere):
        assert not reveals(failure.value, caplog.records)


async def test_who_is_cancelled_lets_go_of_the_provider(http: httpx.AsyncClient) -> None:
    async with provider(None) as stub:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(images(stub, http).generate(ImageRequest("a cat")))
            await stub.held.wait()
            task.cancel()
        with anyio.fail_after(60):
            await stub.left.wait()
