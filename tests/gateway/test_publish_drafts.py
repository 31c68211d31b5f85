"""Publish drafts over a real gateway."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from schema.identifiers import random_uuid
from schema.publishing import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_HOW_TO_PLAY_CHARACTERS,
    MAX_TAG_CHARACTERS,
    MAX_TAGS,
    MAX_TITLE_CHARACTERS,
)
from tests.gateway.asking import SINGLE, code_of
from tests.gateway.conftest import BOB, Scene

FIELDS: Final = """
fragment Fields on PublishDraft {
  title description howToPlay tags visibility remix thumbnailUrl updatedAt
}
"""
SAVE: Final = (
    """
mutation($input: PublishDraftInput!) {
  savePublishDraft(input: $input) {
    __typename
    ... on SavePublishDraftSuccess { draft { ...Fields } }
    ... on Failure { code }
  }
}
"""
    + FIELDS
)
PROJECT: Final = (
    "query($id: ID!) { project(id: $id) { description previewUrl publishDraft { ...Fields } } }"
    + FIELDS
)
PROJECTS: Final = "{ projects { edges { node { id description publishDraft { title } } } } }"
DRAFT: Final[dict[str, Any]] = {
    "title": "ネオン 🚀",
    "description": "避けて\n撃つ",
    "howToPlay": "← → で動く",
    "tags": ["アクション", "a,b"],
    "visibility": "UNLISTED",
    "remix": "DISALLOWED",
    "thumbnailUrl": None,
}
DEFAULTS: Final[dict[str, Any]] = {
    "title": "",
    "description": "",
    "howToPlay": "",
    "tags": [],
    "visibility": "PUBLIC",
    "remix": "ALLOWED",
    "thumbnailUrl": None,
}
LONGEST: Final[dict[str, Any]] = {
    "title": "題" * MAX_TITLE_CHARACTERS,
    "description": "x" * MAX_DESCRIPTION_CHARACTERS,
    "howToPlay": "x" * MAX_HOW_TO_PLAY_CHARACTERS,
    "tags": [f"{number}".ljust(MAX_TAG_CHARACTERS, "x") for number in range(MAX_TAGS)],
}
TOO_LONG: Final[list[tuple[str, Any]]] = [
    ("title", "x" * (MAX_TITLE_CHARACTERS + 1)),
    ("description", "x" * (MAX_DESCRIPTION_CHARACTERS + 1)),
    ("howToPlay", "x" * (MAX_HOW_TO_PLAY_CHARACTERS + 1)),
    ("tags", [f"{number}" for number in range(MAX_TAGS + 1)]),
    ("tags", ["x" * (MAX_TAG_CHARACTERS + 1)]),
    ("thumbnailUrl", "x" * 501),
]


async def save(scene: Scene, project: str, token: str | None = None, **draft: Any) -> Any:
    answer = await scene.query(SAVE, {"input": {"projectId": project, **draft}}, token)
    return answer["data"]["savePublishDraft"]


async def shown(scene: Scene, project: str, token: str | None = None) -> Any:
    return (await scene.query(PROJECT, {"id": project}, token))["data"]["project"]


@pytest.mark.parametrize("transport", SINGLE)
async def test_a_draft_is_read_as_it_was_saved(scene: Scene, transport: str) -> None:
    project = await scene.project()
    assert (await shown(scene, project))["publishDraft"] is None
    variables = {"input": {"projectId": project.upper(), **DRAFT}}
    answer = await SINGLE[transport](scene.url, scene.token, SAVE, variables)
    saved = answer["data"]["savePublishDraft"]["draft"]
    found = await shown(scene, project)
    assert (found["publishDraft"], found["description"]) == (saved, DRAFT["description"])
    assert datetime.fromisoformat(saved.pop("updatedAt")) <= datetime.now(UTC)
    assert saved == DRAFT


async def test_saving_replaces_the_whole_draft(scene: Scene) -> None:
    project = await scene.project()
    await save(scene, project, **DRAFT)
    saved = (await save(scene, project))["draft"]
    assert saved.pop("updatedAt")
    assert saved == DEFAULTS
    assert (await shown(scene, project))["description"] == ""


async def test_the_longest_texts_are_kept(scene: Scene) -> None:
    project = await scene.project()
    draft = (await save(scene, project, **LONGEST))["draft"]
    assert {name: draft[name] for name in LONGEST} == LONGEST


@pytest.mark.parametrize(("field", "value"), TOO_LONG)
async def test_what_is_too_long_changes_nothing(scene: Scene, field: str, value: Any) -> None:
    project = await scene.project()
    await save(scene, project, **DRAFT)
    before = await shown(scene, project)
    refused = await save(scene, project, **{field: value})
    assert refused == {"__typename": "InvalidText", "code": "INVALID_INPUT"}
    assert await shown(scene, project) == before


async def test_a_draft_is_its_owners(scene: Scene) -> None:
    bob = scene.token_of(BOB)
    foreign = await scene.project(bob)
    kept = await save(scene, foreign, bob, **DRAFT)
    for missing in (foreign, random_uuid()):
        refused = await save(scene, missing, title="mine")
        assert refused == {"__typename": "ProjectNotFound", "code": "PROJECT_NOT_FOUND"}
        assert await shown(scene, missing) is None
    assert (await shown(scene, foreign, bob))["publishDraft"] == kept["draft"]


async def test_a_draft_goes_with_its_project(scene: Scene) -> None:
    project = await scene.project()
    await save(scene, project, **DRAFT)
    await scene.query(
        "mutation($id: ID!) { deleteProject(id: $id) { __typename } }", {"id": project}
    )
    assert await shown(scene, project) is None
    assert (await save(scene, project))["__typename"] == "ProjectNotFound"


@pytest.mark.parametrize("malformed", ["", "x", "../x", "{11111111-1111-4111-8111-111111111111}"])
async def test_a_malformed_id_is_refused(scene: Scene, malformed: str) -> None:
    answer = await scene.query(SAVE, {"input": {"projectId": malformed}})
    assert code_of(answer) == "INVALID_INPUT"


@pytest.mark.parametrize(
    "draft", [{"visibility": "HIDDEN"}, {"remix": "disallow"}, {"tags": [None]}, {"title": None}]
)
async def test_what_is_no_draft_is_refused_before_it_is_saved(
    scene: Scene, draft: dict[str, Any]
) -> None:
    project = await scene.project()
    answer = await scene.query(SAVE, {"input": {"projectId": project, **draft}})
    assert code_of(answer) == "GRAPHQL_VALIDATION_FAILED"
    assert (await shown(scene, project))["publishDraft"] is None


async def test_nobody_saves_a_draft(scene: Scene) -> None:
    project = await scene.project()
    answer = await scene.query(SAVE, {"input": {"projectId": project}}, token="forged")
    assert code_of(answer) == "UNAUTHENTICATED"


async def test_a_list_of_projects_tells_their_drafts(scene: Scene) -> None:
    described, plain = await scene.project(), await scene.project()
    await save(scene, described, **DRAFT)
    page = (await scene.query(PROJECTS))["data"]["projects"]
    assert {edge["node"].pop("id"): edge["node"] for edge in page["edges"]} == {
        described: {
            "description": DRAFT["description"],
            "publishDraft": {"title": DRAFT["title"]},
        },
        plain: {"description": "", "publishDraft": None},
    }


async def test_the_preview_is_where_its_owner_plays(scene: Scene) -> None:
    project = await scene.project()
    answer = await scene.query("{ viewer { id } }")
    address = (await shown(scene, project))["previewUrl"]
    assert address == f"/game/{answer['data']['viewer']['id']}/{project}/"
    for token, status in ((scene.token, 200), (scene.token_of(BOB), 403)):
        played = await scene.http.get(address, headers={"Authorization": f"Bearer {token}"})
        assert played.status_code == status
