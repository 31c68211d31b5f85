"""Movies from the operator's renderer, over real HTTP."""

import logging
from collections.abc import AsyncGenerator
from typing import Final

import httpx
import pytest

from adapters.providers.movies import FAILED, HttpMovies
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import MAX_MOVIE_BYTES, MovieRequest
from tests.adapters.providers.stub import KEY, MP4, Said, provider, reveals, said

WANTED: Final = MovieRequest("星", "# Spec", "<html>")


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def movie(data: bytes = MP4, status: int = 200, media_type: str = "video/mp4") -> Said:
    return Said(data, status, media_type)


async def test_a_renderer_is_told_the_game_and_the_format(http: httpx.AsyncClient) -> None:
    async with provider(movie(media_type="Video/MP4; codecs=avc1")) as stub:
        assert await HttpMovies(http, f"{stub.url}/render", KEY).render(WANTED) == MP4
        (asked,) = stub.asked
    assert (asked.method, asked.path) == ("POST", "/render")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.json == {
        "title": "星",
        "spec": "# Spec",
        "code": "<html>",
        "seconds": 7.0,
        "width": 1080,
        "height": 1920,
    }


@pytest.mark.parametrize(
    "answer",
    [
        *(said({"error": f"no {KEY}"}, 500), said({}), movie(b""), movie(b"<html>no movie</html>")),
        movie(MP4 + bytes(MAX_MOVIE_BYTES)),
    ],
    ids=["error", "json", "empty", "page", "oversized"],
)
async def test_what_is_no_movie_is_a_failure(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, answer: Said
) -> None:
    caplog.set_level(logging.DEBUG)
    async with provider(answer) as stub:
        with pytest.raises(DreamCoreError) as failure:
            await HttpMovies(http, stub.url, KEY).render(WANTED)
    assert (failure.value.code, failure.value.message) == (ErrorCode.PROVIDER_FAILED, FAILED)
    assert not reveals(failure.value, caplog.records)


async def test_a_redirect_takes_the_secret_nowhere(http: httpx.AsyncClient) -> None:
    async with provider(movie()) as elsewhere:
        moved = Said(status=308, headers={"Location": f"{elsewhere.url}/render"})
        async with provider(moved) as stub:
            with pytest.raises(DreamCoreError, match=FAILED):
                await HttpMovies(http, stub.url, KEY).render(WANTED)
        assert elsewhere.asked == []


async def test_a_renderer_that_says_too_much_or_nothing_is_given_up(
    http: httpx.AsyncClient,
) -> None:
    async with provider(None) as stub:
        with pytest.raises(DreamCoreError, match=FAILED):
            await HttpMovies(http, f"{stub.url}/unannounced", KEY).render(WANTED)
        with pytest.raises(DreamCoreError, match=FAILED):
            await HttpMovies(http, stub.url, KEY, timeout=0.2).render(WANTED)
