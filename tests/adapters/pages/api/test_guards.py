"""Who is let in: every address, whatever is wrong with the request."""

from typing import Any, Final

import pytest

from tests.adapters.pages.api.seeded import J1, NOWHERE, Seeded
from tests.adapters.pages.served import P1, U1, U2

PROJECT: Final = ("", "/code", "/ai-context", "/download", "/preview", "/active-job", "/jobs")
MALFORMED: Final = ("x", f"{P1}%0A", f"%7B{P1}%7D", P1.replace("-", ""), "%F0%9F%8E%AE", "..")
TARGETS: Final = [
    ("GET", "/api/projects"),
    *(("GET", f"/api/projects/{P1}{suffix}") for suffix in PROJECT),
    ("GET", f"/api/jobs/{J1}"),
    ("POST", f"/api/jobs/{J1}/cancel"),
]


def error(text: str) -> dict[str, Any]:
    return {"error": text}


@pytest.mark.rule(
    "http.token.missing",
    "http.token.invalid",
    "http.token.prefix",
    "http.token.repeated",
    "http.error.json",
)
@pytest.mark.parametrize(("method", "target"), TARGETS)
async def test_nobody_is_let_in_without_a_good_token(api: Seeded, method: str, target: str) -> None:
    missing, invalid = error("No access token provided"), error("Invalid or expired token")
    good = api.scene.token_of(U1)
    for address, authorization, answer in (
        (target, None, missing),
        (f"{target}?access_token=", None, missing),
        (target, f"bearer {good}", missing),
        (f"{target}?access_token={good}&access_token={good}", None, invalid),
        *((target, f"Bearer {api.bad_token(kind)}", invalid) for kind in ("expired", "garbage")),
    ):
        headers = {"Authorization": authorization} if authorization else {}
        reply = await api.send(address, None, method, headers)
        assert (reply.status, reply.json) == (401, answer), address


@pytest.mark.rule("http.guard.project", "http.path.ids", "http.isolation")
@pytest.mark.parametrize("suffix", PROJECT)
async def test_a_project_must_be_ones_own(api: Seeded, suffix: str) -> None:
    for project_id, user_id, status, text in (
        *((malformed, U1, 400, "Invalid project ID") for malformed in MALFORMED),
        (P1, U2, 404, "Project not found"),
        (NOWHERE, U1, 404, "Project not found"),
    ):
        reply = await api.send(f"/api/projects/{project_id}{suffix}", user_id)
        assert (reply.status, reply.json) == (status, error(text)), project_id
    assert (await api.send(f"/api/projects/x{suffix}", None)).status == 401


@pytest.mark.rule("http.guard.job", "http.path.ids")
@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("POST", "/cancel")])
async def test_a_job_must_be_ones_own(api: Seeded, method: str, suffix: str) -> None:
    for job_id, user_id, status, text in (
        *((malformed, U1, 400, "Invalid job ID") for malformed in MALFORMED),
        (J1, U2, 403, "Access denied"),
        (NOWHERE, U1, 404, "Job not found"),
    ):
        reply = await api.send(f"/api/jobs/{job_id}{suffix}", user_id, method)
        assert (reply.status, reply.json) == (status, error(text)), job_id
    assert (await api.send(f"/api/jobs/x{suffix}", None, method)).status == 401
    row = (await api.send(f"/api/jobs/{J1}")).json
    assert row["status"] == "processing"


@pytest.mark.rule("http.path.matching", "http.path.ids")
async def test_addresses_ignore_case_and_a_slash_at_the_end(api: Seeded) -> None:
    for target in (
        "/API/Projects/",
        f"/api/PROJECTS/{P1.upper()}/",
        f"/Api/projects/{P1}/Code/",
        f"/api/JOBS/{J1.upper()}/",
    ):
        assert (await api.send(target)).status == 200, target


@pytest.mark.rule("http.options.methods", "http.error.unknown")
@pytest.mark.parametrize(("method", "target"), TARGETS)
async def test_options_tells_the_methods_and_every_other_one_is_unknown(
    api: Seeded, method: str, target: str
) -> None:
    allowed = "GET,HEAD" if method == "GET" else "POST"
    reply = await api.send(target, None, "OPTIONS")
    assert (reply.status, reply.headers["allow"]) == (200, allowed)
    assert reply.body == allowed.encode()
    for other in {"GET", "POST", "PUT", "DELETE"} - {method}:
        reply = await api.send(target, method=other)
        assert reply.status == 404, other
        assert f"Cannot {other} {target}".encode() in reply.body


@pytest.mark.rule("http.head")
@pytest.mark.parametrize("target", [target for method, target in TARGETS if method == "GET"])
async def test_head_is_get_without_a_body(api: Seeded, target: str) -> None:
    got, headed = await api.send(target), await api.send(target, method="HEAD")
    assert (headed.status, headed.body) == (got.status, b"")
    assert headed.headers["content-type"] == got.headers["content-type"]
    assert headed.headers["content-length"] == got.headers["content-length"]


@pytest.mark.rule("http.json.form")
async def test_what_a_client_has_is_not_sent_again(api: Seeded) -> None:
    for target in ("/api/projects", f"/api/projects/{P1}/code", f"/api/jobs/{J1}"):
        etag = (await api.send(target)).headers["etag"]
        assert etag.startswith('W/"')
        again = await api.send(target, headers={"If-None-Match": etag})
        assert (again.status, again.body) == (304, b"")
