"""What the recorded exchanges do not show of single addresses."""

import json
from collections.abc import AsyncGenerator

import pytest

from adapters.server.settings import Settings
from tests.adapters.pages.served import P1, P2, U1
from tests.legacy.http_stand import NAMES, Stand, open_stand


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stand, None]:
    """One gateway for the module."""
    async with open_stand(tmp_path_factory.mktemp("answers")) as stand:
        yield stand


@pytest.fixture
def mine(opened: Stand) -> dict[str, str]:
    """The token of U1 as a header."""
    return {"Authorization": f"Bearer {opened.token(U1)}"}


@pytest.mark.rule("http.config", "http.config.secrets")
async def test_a_page_is_told_the_public_key_and_no_other(opened: Stand) -> None:
    reply = await opened.send("GET", "/api/config")
    assert reply.json == {"supabaseUrl": opened.supabase_url, "supabaseAnonKey": "anon-key"}
    assert reply.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.rule("http.projects.description", "http.projects.list")
async def test_a_project_is_listed_with_the_description_of_its_draft(
    opened: Stand, mine: dict[str, str]
) -> None:
    before = (await opened.send("GET", "/api/projects", mine)).json["projects"]
    assert [(row["name"], row["description"]) for row in before] == [(NAMES[P1], "")]
    draft = json.dumps({"description": "星を集める"}).encode()
    headers = {**mine, "Content-Type": "application/json"}
    target = f"/api/projects/{P1}/publish-draft"
    assert (await opened.send("PUT", target, headers, draft)).json == {"success": True}
    (row,) = (await opened.send("GET", "/api/projects", mine)).json["projects"]
    assert row["description"] == "星を集める"
    assert [*row] == [
        *("id", "name", "description", "isPublic", "remixedFrom", "createdAt", "updatedAt")
    ]


@pytest.mark.rule("http.unlimited")
async def test_a_busy_page_is_never_told_to_wait(opened: Stand, mine: dict[str, str]) -> None:
    for _ in range(150):
        assert (await opened.send("GET", f"/api/projects/{P1}", mine)).status == 200


@pytest.mark.rule("http.guard.project", "http.isolation")
async def test_a_project_of_others_is_not_there(opened: Stand, mine: dict[str, str]) -> None:
    reply = await opened.send("GET", f"/api/projects/{P2}/publish-draft", mine)
    assert (reply.status, reply.json) == (404, {"error": "Project not found"})


@pytest.mark.rule("http.listen")
def test_the_port_is_the_one_that_is_set_or_3000() -> None:
    assert Settings.from_environment({}).port == 3000
    assert Settings.from_environment({"PORT": "8080"}).port == 8080
