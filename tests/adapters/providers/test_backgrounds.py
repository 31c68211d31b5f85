"""Backgrounds removed on Replicate, over real HTTP."""

import asyncio
import logging
from base64 import b64decode
from collections.abc import AsyncGenerator
from typing import Final

import anyio
import httpx
import pytest

from adapters.providers.backgrounds import (
    CANCELED,
    FAILED,
    NO_OUTPUT,
    NO_RESULT,
    POLLS,
    SERVICE_ERROR,
    TIMED_OUT,
    TOO_LARGE,
    ReplicateBackgrounds,
)
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import MAX_PICTURE_BYTES
from tests.adapters.providers.stub import KEY, Said, Stub, picture, provider, reveals, said

PHOTO: Final = picture(kind="JPEG")
CUT: Final = picture((0, 0, 0, 0))


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def backgrounds(stub: Stub, http: httpx.AsyncClient, seconds: float = 20) -> ReplicateBackgrounds:
    return ReplicateBackgrounds(
        http, stub.url, KEY, model="an/model", timeout=seconds, poll_seconds=0.001
    )


def prediction(status: str, output: object = None, poll: str = "", **more: object) -> Said:
    told = {
        "id": "p1",
        "status": status,
        "output": output,
        "input": {"image": "data:"},
        "urls": {"get": poll},
        **more,
    }
    return said(told, 201)


def png(data: bytes = CUT) -> Said:
    return Said(data, media_type="image/png")


async def test_the_result_is_waited_for_and_fetched_without_the_token(
    http: httpx.AsyncClient,
) -> None:
    async with provider() as stub:
        poll = f"{stub.url}/v1/predictions/p1"
        done = prediction("succeeded", [f"{stub.url}/out.png"])
        waiting = (prediction("starting", poll=poll), prediction("processing", poll=poll))
        stub.answers = [*waiting, done, png()]
        assert await backgrounds(stub, http).remove(PHOTO, "image/jpeg") == CUT
        begun, first, second, fetched = stub.asked
    assert (begun.method, begun.path) == ("POST", "/v1/models/an/model/predictions")
    assert begun.headers["prefer"] == "wait"
    assert begun.json["input"]["preserve_alpha"] is True
    kind, _, data = begun.json["input"]["image"].partition(";base64,")
    assert (kind, b64decode(data)) == ("data:image/jpeg", PHOTO)
    assert {asked.path for asked in (first, second)} == {"/v1/predictions/p1"}
    for asked in (begun, first, second):
        assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert fetched.path == "/out.png"
    assert "authorization" not in fetched.headers


async def test_a_result_may_be_there_at_once(http: httpx.AsyncClient) -> None:
    async with provider() as stub:
        stub.answers = [prediction("succeeded", f"{stub.url}/out.png"), png()]
        assert await backgrounds(stub, http).remove(PHOTO, "image/jpeg") == CUT
        assert len(stub.asked) == 2


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (said({"detail": f"invalid token {KEY}"}, 401), SERVICE_ERROR),
        (said({"detail": "busy"}, 429), SERVICE_ERROR),
        (said({}, 500), SERVICE_ERROR),
        (Said(b"<html>", media_type="text/html"), SERVICE_ERROR),
        (prediction("starting"), SERVICE_ERROR),
        (prediction("starting", poll="https://elsewhere.example/v1/predictions/p1"), SERVICE_ERROR),
        (said({"id": "p1", "status": "succeeded", "output": {"url": "x"}}), SERVICE_ERROR),
        (prediction("failed", error=f"{KEY} at /srv"), FAILED),
        (prediction("canceled"), CANCELED),
        (prediction("aborted"), CANCELED),
        (Said(b""), SERVICE_ERROR),
        (said({"input": "x" * (MAX_PICTURE_BYTES * 2)}), SERVICE_ERROR),
        (prediction("succeeded"), NO_OUTPUT),
        (prediction("succeeded", ""), NO_OUTPUT),
        (prediction("succeeded", []), NO_OUTPUT),
    ],
)
async def test_failures_have_the_documented_texts(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, answer: Said, text: str
) -> None:
    caplog.set_level(logging.DEBUG)
    async with provider(answer) as stub:
        with pytest.raises(DreamCoreError) as failure:
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
    assert (failure.value.code, failure.value.message) == (ErrorCode.PROVIDER_FAILED, text)
    assert not reveals(failure.value, caplog.records)


async def test_the_token_goes_nowhere_else(http: httpx.AsyncClient) -> None:
    async with provider(png()) as elsewhere:
        moved = Said(status=307, headers={"Location": f"{elsewhere.url}/v1"})
        for answer in (moved, prediction("starting", poll=f"{elsewhere.url}/v1/predictions/p1")):
            async with provider(answer) as stub:
                with pytest.raises(DreamCoreError, match=SERVICE_ERROR):
                    await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
                assert len(stub.asked) == 1
        assert elsewhere.asked == []


async def test_a_prediction_that_is_canceled_while_it_is_waited_for_is_asked_for_no_more(
    http: httpx.AsyncClient,
) -> None:
    async with provider() as stub:
        waiting = prediction("processing", poll=f"{stub.url}/v1/predictions/p1")
        stub.answers = [waiting, prediction("canceled")]
        with pytest.raises(DreamCoreError, match=CANCELED):
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
        assert len(stub.asked) == 2


async def test_a_picture_that_is_too_large_is_not_sent(http: httpx.AsyncClient) -> None:
    async with provider() as stub:
        with pytest.raises(DreamCoreError, match=TOO_LARGE):
            await backgrounds(stub, http).remove(bytes(MAX_PICTURE_BYTES + 1), "image/png")
        assert stub.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:1/x.png", "file:///etc/passwd", "//elsewhere.example/x", "x", "\\"),
        *("https://[::1/x", "ftp://a.example/x"),
        *("https:///x.png", "https://127.0.0.1:99999/x.png", "https://\x00/x.png"),
    ],
)
async def test_a_result_elsewhere_is_fetched_over_https_only(
    http: httpx.AsyncClient, url: str
) -> None:
    async with provider(prediction("succeeded", url)) as stub:
        with pytest.raises(DreamCoreError, match=NO_RESULT):
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
        assert len(stub.asked) == 1


@pytest.mark.parametrize(
    "result",
    [
        *(png(b""), png(b"no picture"), png(PHOTO), Said(CUT, 404)),
        png(CUT + bytes(MAX_PICTURE_BYTES)),
        Said(b"", 302, headers={"Location": "/elsewhere.png"}),
    ],
    ids=["empty", "text", "jpeg", "missing", "oversized", "moved"],
)
async def test_a_result_must_be_a_png(http: httpx.AsyncClient, result: Said) -> None:
    async with provider() as stub:
        stub.answers = [prediction("succeeded", f"{stub.url}/out.png"), result]
        with pytest.raises(DreamCoreError, match=NO_RESULT):
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
        assert len(stub.asked) == 2


async def test_a_result_of_unknown_size_is_bounded_too(http: httpx.AsyncClient) -> None:
    async with provider() as stub:
        stub.answers = [prediction("succeeded", f"{stub.url}/unannounced")]
        with pytest.raises(DreamCoreError, match=NO_RESULT):
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")


async def test_what_is_never_done_is_given_up(http: httpx.AsyncClient) -> None:
    async with provider() as stub:
        stub.answers = [prediction("processing", poll=f"{stub.url}/v1/predictions/p1")]
        with pytest.raises(DreamCoreError, match=TIMED_OUT):
            await backgrounds(stub, http).remove(PHOTO, "image/jpeg")
        assert len(stub.asked) == 1 + POLLS


async def test_a_silent_provider_is_given_up(http: httpx.AsyncClient) -> None:
    async with provider(None) as stub:
        with pytest.raises(DreamCoreError, match=TIMED_OUT):
            await backgrounds(stub, http, seconds=0.2).remove(PHOTO, "image/jpeg")


async def test_who_is_cancelled_lets_go_of_the_provider(http: httpx.AsyncClient) -> None:
    async with provider(None) as stub:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(backgrounds(stub, http).remove(PHOTO, "image/jpeg"))
            await stub.held.wait()
            task.cancel()
        assert task.cancelled()
        with anyio.fail_after(60):
            await stub.left.wait()
