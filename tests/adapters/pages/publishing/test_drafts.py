"""The publish page's draft and its words."""

from datetime import datetime
from typing import Any, Final

import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.helper_calls import PublishInfo
from tests.adapters.pages.publishing.stand import ADDRESS, DRAFT, Stand
from tests.adapters.pages.served import P1, P2, U1, U2

INFO: Final = f"{ADDRESS}/generate-publish-info"
STATE: Final[dict[str, Any]] = {
    "title": "ネオン 🚀",
    "description": "避けて\n撃つ",
    "howToPlay": "← → で動く",
    "tags": ["アクション", "a,b"],
    "visibility": "unlisted",
    "remix": "disallowed",
    "thumbnailUrl": f"{ADDRESS}/thumbnail?t=1",
}
EMPTY: Final[dict[str, Any]] = {
    "title": "",
    "description": "",
    "howToPlay": "",
    "tags": [],
    "visibility": "public",
    "remix": "allowed",
    "thumbnailUrl": None,
}


@pytest.mark.rule("http.draft.none")
async def test_before_the_first_draft_the_answer_is_null(stand: Stand) -> None:
    reply = await stand.send("GET", DRAFT)
    assert (reply.status, reply.body) == (200, b"null")
    assert reply.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.rule("http.draft.row", "http.draft.save", "http.draft.disallowed")
async def test_a_draft_is_told_as_the_row_and_as_the_page_calls_it(stand: Stand) -> None:
    saved = await stand.send("PUT", DRAFT, STATE)
    assert (saved.status, saved.json) == (200, {"success": True})
    row = await stand.draft()
    assert datetime.fromisoformat(row.pop("updated_at")).utcoffset() is not None
    assert row == {
        **STATE,
        "project_id": P1,
        "how_to_play": STATE["howToPlay"],
        "thumbnail_url": STATE["thumbnailUrl"],
    }


@pytest.mark.rule("http.draft.extra-keys")
async def test_what_the_page_merged_back_in_changes_nothing(stand: Stand) -> None:
    await stand.send("PUT", DRAFT, STATE)
    row = await stand.draft()
    stale = {"how_to_play": "old", "thumbnail_url": "old", "project_id": P2, "x": {"y": [1]}}
    await stand.send("PUT", DRAFT, {**row, **stale})
    again = await stand.draft()
    assert {**again, "updated_at": ""} == {**row, "updated_at": ""}


@pytest.mark.rule("http.draft.save")
@pytest.mark.parametrize(
    "body",
    [
        *({}, dict.fromkeys(EMPTY), b""),
        {"title": "", "visibility": "", "remix": "", "thumbnailUrl": ""},
    ],
    ids=["empty", "nulls", "none", "blanks"],
)
async def test_what_is_missing_is_reset(stand: Stand, body: object) -> None:
    await stand.send("PUT", DRAFT, STATE)
    assert (await stand.send("PUT", DRAFT, body)).json == {"success": True}
    row = await stand.draft()
    assert {name: row[name] for name in EMPTY} == EMPTY


@pytest.mark.rule("http.draft.disallowed")
async def test_the_tables_own_word_is_taken_too(stand: Stand) -> None:
    await stand.send("PUT", DRAFT, {"remix": "disallow"})
    assert (await stand.draft())["remix"] == "disallowed"


@pytest.mark.rule(
    "http.draft.failure",
    "http.divergence.bodies-are-refused-in-json",
    "http.divergence.drafts-are-checked",
)
@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"title": "x" * 51}, 400, "title must have at most 50 characters"),
        ({"description": "x" * 501}, 400, "description must have at most 500 characters"),
        ({"howToPlay": "x" * 1_001}, 400, "howToPlay must have at most 1000 characters"),
        ({"tags": ["x" * 21]}, 400, "tags must have at most 20 characters"),
        ({"tags": [str(n) for n in range(11)]}, 400, "There can be at most 10 tags"),
        ({"title": "a\0b"}, 400, "title must not contain NUL"),
        ({"title": 5}, 400, "title must be a text"),
        ({"tags": "a,b"}, 400, "tags must be a list of texts"),
        ({"tags": ["a", 1]}, 400, "tags must be a list of texts"),
        ({"remix": "perhaps"}, 400, "remix must be one of: allowed, disallowed, disallow"),
        ({"visibility": "x"}, 400, "visibility must be one of: public, unlisted, private"),
        (b"{bad", 400, "Invalid JSON"),
        (b"[]", 400, "Invalid JSON"),
        (b'{"title":"\xff"}', 400, "Invalid JSON"),
        (b'{"title":"\\ud800"}', 400, "Invalid JSON"),
        ({"title": "x" * 70_000}, 413, "Request too large"),
    ],
)
async def test_what_cannot_be_kept_is_told_and_changes_nothing(
    stand: Stand, body: object, status: int, text: str
) -> None:
    await stand.send("PUT", DRAFT, STATE)
    before = await stand.draft()
    reply = await stand.send("PUT", DRAFT, body)
    assert (reply.status, reply.json) == (status, {"error": text})
    assert await stand.draft() == before


@pytest.mark.rule("http.draft.save", "http.draft.failure", "http.divergence.drafts-need-no-folder")
async def test_a_project_without_a_game_has_a_draft_too(stand: Stand) -> None:
    target = f"/api/projects/{P2}/publish-draft"
    assert (await stand.send("PUT", target, STATE, U2)).json == {"success": True}
    assert (await stand.send("GET", target, user_id=U2)).json["title"] == STATE["title"]


@pytest.mark.rule("http.draft.save", "http.divergence.publishing-makes-no-versions")
async def test_saving_makes_no_version(stand: Stand) -> None:
    query = f'{{ project(id: "{P1}") {{ versions(first: 9) {{ hash }} }} }}'
    before = await stand.send("POST", "/graphql", {"query": query})
    await stand.send("PUT", DRAFT, STATE)
    after = await stand.send("POST", "/graphql", {"query": query})
    assert len(before.json["data"]["project"]["versions"]) == 1
    assert after.json == before.json


@pytest.mark.rule("http.publish-info")
@pytest.mark.parametrize("body", [b"", {}, {"field": "tags"}, {"field": 5}])
async def test_all_words_are_made_from_name_spec_and_page(stand: Stand, body: object) -> None:
    reply = await stand.send("POST", INFO, body)
    told = {"title": "星", "description": "Collect stars.", "howToPlay": "Arrow keys"}
    assert (reply.status, reply.json) == (200, {**told, "tags": ["star"]})
    (asked,) = stand.execution.described
    assert (asked.user_id, asked.project_id, asked.project_name) == (U1, P1, "Game One")
    assert asked.spec_content == "# 星\nCollect stars."
    assert asked.game_code.startswith("<!DOCTYPE html>")


@pytest.mark.rule("http.publish-info")
async def test_words_that_are_too_long_are_cut_so_that_the_page_can_save_them(
    stand: Stand,
) -> None:
    tags = tuple(f"{number:02}{'x' * 30}" for number in range(12))
    stand.execution.info = PublishInfo("題" * 99, "x" * 999, "x\0" * 1_999, (*tags, "\0"))
    info = (await stand.send("POST", INFO, {})).json
    assert info["title"] == "題" * 50
    assert len(info["tags"]) == 10
    assert (await stand.send("PUT", DRAFT, info)).json == {"success": True}
    row = await stand.draft()
    assert {name: row[name] for name in info} == info


@pytest.mark.rule("http.publish-info")
@pytest.mark.parametrize(
    "failure",
    [
        DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE),
        DreamCoreError(ErrorCode.PROVIDER_FAILED, "Failed to parse AI response"),
    ],
    ids=["unreachable", "unusable"],
)
async def test_a_failure_to_find_words_is_told(stand: Stand, failure: DreamCoreError) -> None:
    stand.execution.failure = failure
    reply = await stand.send("POST", INFO, {})
    assert (reply.status, reply.json) == (500, {"error": failure.message})
