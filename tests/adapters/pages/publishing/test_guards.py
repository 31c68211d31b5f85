"""Who is let in to publish, at every address."""

from typing import Final

import pytest

from tests.adapters.pages.api.seeded import NOWHERE
from tests.adapters.pages.publishing.stand import DRAFT, Stand
from tests.adapters.pages.served import P1, U2

pytestmark = pytest.mark.rule("http.token.missing", "http.token.invalid", "http.guard.project")

OF_PROJECT: Final = (
    ("GET", "publish-draft"),
    ("PUT", "publish-draft"),
    ("POST", "generate-publish-info"),
    ("POST", "generate-thumbnail"),
    ("POST", "upload-thumbnail"),
    ("POST", "generate-movie"),
    ("GET", "movie"),
)
IMAGES: Final = (("POST", "/api/generate-image"), ("POST", "/api/assets/remove-background"))
# The thumbnail is public.
_ABSENT: Final = ("POST", "publish"), ("PUT", "generate-movie"), ("DELETE", "thumbnail")


async def test_nobody_is_let_in_without_a_good_token(stand: Stand) -> None:
    project = [(method, f"/api/projects/{P1}/{part}") for method, part in OF_PROJECT]
    for method, target in (*project, *IMAGES):
        for token, text in (
            (None, "No access token provided"),
            ("Bearer forged", "Invalid or expired token"),
        ):
            headers = {} if token is None else {"Authorization": token}
            reply = await stand.send(method, target, b"{bad", None, headers)
            assert (reply.status, reply.json) == (401, {"error": text}), target
    assert stand.provider.asked == []


async def test_a_project_must_be_ones_own_before_its_body_matters(stand: Stand) -> None:
    for method, part in OF_PROJECT:
        for project_id, user_id, status, text in (
            ("x", U2, 400, "Invalid project ID"),
            (f"{P1}%0A", U2, 400, "Invalid project ID"),
            (P1, U2, 404, "Project not found"),
            (NOWHERE, U2, 404, "Project not found"),
        ):
            target = f"/api/projects/{project_id}/{part}"
            reply = await stand.send(method, target, b"{bad", user_id)
            assert (reply.status, reply.json) == (status, {"error": text}), target
    assert stand.provider.asked == []


async def test_addresses_ignore_case_and_tell_their_methods(stand: Stand) -> None:
    assert (await stand.send("GET", DRAFT.upper().replace("/API", "/api") + "/")).json is None
    for target, methods in (
        (DRAFT, "GET,HEAD,PUT"),
        (f"/api/projects/{P1}/generate-movie", "POST"),
        (f"/api/projects/{P1}/movie", "GET,HEAD"),
    ):
        reply = await stand.send("OPTIONS", target, user_id=None)
        assert (reply.status, reply.headers["allow"]) == (200, methods)


@pytest.mark.rule("http.absent.publish", "http.absent.notifications")
async def test_what_the_frontend_expects_to_be_missing_is_missing(stand: Stand) -> None:
    for method, target in (
        *((method, f"/api/projects/{P1}/{part}") for method, part in _ABSENT),
        ("GET", "/api/notifications"),
    ):
        reply = await stand.send(method, target, {})
        assert reply.status == 404, target
        assert f"Cannot {method} {target}".encode() in reply.body
