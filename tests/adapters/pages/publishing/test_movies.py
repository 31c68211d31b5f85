"""A project's demo movie."""

import asyncio
import os
from pathlib import Path
from typing import Final

import pytest

from schema.providers import MAX_MOVIE_BYTES
from tests.adapters.pages.publishing.stand import ADDRESS, Stand, open_stand
from tests.adapters.pages.served import P2, U2
from tests.adapters.providers.stub import KEY, MP4, Said, said

MOVIE: Final = f"{ADDRESS}/movie"
GENERATE: Final = f"{ADDRESS}/generate-movie"
TEBIBYTE: Final = 2**40
RENDERED: Final = Said(MP4, media_type="video/mp4")


@pytest.mark.rule("http.movie.generate", "http.movie.file")
async def test_a_movie_is_made_and_played_in_parts(stand: Stand) -> None:
    stand.provider.answers = [RENDERED]
    reply = await stand.send("POST", GENERATE, {})
    assert reply.json.pop("movieUrl").startswith(f"{MOVIE}?t=1")
    assert (reply.status, reply.json["success"], reply.json["duration"]) == (200, True, 7)
    assert b'"duration":7}' in reply.body
    (asked,) = stand.provider.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert (asked.json["title"], asked.json["spec"]) == ("Game One", "# 星\nCollect stars.")
    whole = await stand.send("GET", f"{MOVIE}?t=1")
    assert (whole.status, whole.body) == (200, MP4)
    assert whole.headers["content-type"] == "video/mp4"
    head = await stand.send("HEAD", MOVIE)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(MP4)))
    part = await stand.send("GET", MOVIE, headers={"Range": "bytes=4-7"})
    assert (part.status, part.body) == (206, b"ftyp")


@pytest.mark.rule("http.movie.file")
async def test_a_part_of_a_movie_is_sent_without_reading_the_rest(stand: Stand) -> None:
    stand.provider.answers = [RENDERED]
    await stand.send("POST", GENERATE, {})
    (file,) = stand.objects.rglob("movie.mp4")
    os.truncate(file, TEBIBYTE)  # nearly all of it a hole
    part = await stand.send("GET", MOVIE, headers={"Range": "bytes=4-7"})
    assert (part.status, part.body) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{TEBIBYTE}"
    known = {"If-None-Match": part.headers["etag"]}
    assert (await stand.send("GET", MOVIE, headers=known)).status == 304
    stand.provider.answers = [RENDERED]
    await stand.send("POST", GENERATE, {})
    assert (await stand.send("GET", MOVIE, headers=known)).body == MP4


@pytest.mark.rule("http.movie.file", "http.divergence.private-is-not-public")
async def test_a_movie_is_its_owners(stand: Stand) -> None:
    stand.provider.answers = [RENDERED]
    await stand.send("POST", GENERATE, {})
    for user_id, status in ((U2, 404), (None, 401)):
        assert (await stand.send("GET", MOVIE, user_id=user_id)).status == status
    assert (await stand.send("GET", MOVIE)).headers["cache-control"] == "private, no-cache"


@pytest.mark.rule("http.movie.file")
async def test_before_the_first_there_is_none(stand: Stand) -> None:
    reply = await stand.send("GET", MOVIE)
    assert (reply.status, reply.body) == (404, b"Movie not found")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert (await stand.send("HEAD", MOVIE)).status == 404


@pytest.mark.rule("http.movie.generate")
async def test_a_project_without_a_game_has_no_movie(tmp_path: Path) -> None:
    for configured in (False, True):
        async with open_stand(tmp_path / str(configured), configured=configured) as stand:
            target = f"/api/projects/{P2}/generate-movie"
            reply = await stand.send("POST", target, {}, U2)
            assert (reply.status, reply.json) == (404, {"error": "Game code not found"})
            assert stand.provider.asked == []


@pytest.mark.rule("http.movie.generate", "http.divergence.missing-providers-are-told")
async def test_without_a_renderer_it_is_said(bare_stand: Stand) -> None:
    reply = await bare_stand.send("POST", GENERATE, {})
    unavailable = {"error": "Movie generation service not available"}
    assert (reply.status, reply.json) == (503, unavailable)


@pytest.mark.rule("http.movie.generate")
@pytest.mark.parametrize(
    "answer",
    [said({"error": KEY}, 500), Said(b"<html>"), Said(MP4 + bytes(MAX_MOVIE_BYTES))],
    ids=["error", "page", "oversized"],
)
async def test_a_failed_movie_leaves_the_one_before(stand: Stand, answer: Said) -> None:
    stand.provider.answers = [RENDERED]
    await stand.send("POST", GENERATE, {})
    stand.provider.answers = [answer]
    reply = await stand.send("POST", GENERATE, {})
    assert (reply.status, reply.json) == (500, {"error": "Failed to render video"})
    assert (await stand.send("GET", MOVIE)).body == MP4


@pytest.mark.rule("http.movie.generate")
async def test_a_movie_that_comes_after_its_project_went_is_not_kept(stand: Stand) -> None:
    waiting = stand.provider.hold_next(RENDERED)
    async with asyncio.TaskGroup() as group:
        made = group.create_task(stand.send("POST", GENERATE, {}))
        await stand.provider.held.wait()
        await stand.delete_project()
        waiting.set()
    assert made.result().status == 404
    assert stand.stored() == set()
