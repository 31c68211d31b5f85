"""What becomes of requests that are not well formed."""

from pathlib import Path
from typing import Any

import pytest

from tests.modal_app.execution import Client, Run, script, served, settings_for

UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


@pytest.mark.parametrize("path", ["/generate", "/apply_files"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"7",
        b"null",
        b'"text"',
        b"[]",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"message":' + b"1" * 5_000 + b"}",
        b"1" * 5_000,
        b"\xff\xfe",
        b'{"message":"\xff"}',
        b'{"message":"\\ud800"}',
        b'{"message":NaN}',
        b'{"a":1}{"b":2}',
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_what_is_no_json_object_is_refused(client: Client, path: str, body: bytes) -> None:
    response = await client.http.post(path, content=body)
    assert response.status_code == 400
    assert response.json() == {"error": "Invalid JSON"}


@pytest.mark.parametrize("path", ["/generate", "/apply_files"])
async def test_a_body_beyond_the_limit_is_refused(tmp_path: Path, path: str) -> None:
    async with served(settings_for(tmp_path, max_body_bytes=1_000)) as client:
        known = await client.http.post(path, content=b"x" * 1_001)
        chunked = await client.http.post(path, content=_pieces(10_000))
    for response in (known, chunked):
        assert response.status_code == 413
        assert response.json()["code"] == "PAYLOAD_TOO_LARGE"


async def _pieces(count: int) -> Any:
    for _ in range(count // 100):
        yield b"x" * 100


IDS: list[tuple[object, str]] = [
    (None, "{} is required"),
    ("", "{} is required"),
    (7, "Invalid {}: must be UUID format"),
    (["x"], "Invalid {}: must be UUID format"),
    ({}, "Invalid {}: must be UUID format"),
    (True, "Invalid {}: must be UUID format"),
    ("not-a-uuid", "Invalid {}: must be UUID format"),
    (UUID + "\n", "Invalid {}: must be UUID format"),
    (" " + UUID, "Invalid {}: must be UUID format"),
    ("{" + UUID + "}", "Invalid {}: must be UUID format"),
    ("../" + UUID, "Invalid {}: must be UUID format"),
    (UUID.replace("-", ""), "Invalid {}: must be UUID format"),
    ("x" * 100_000, "Invalid {}: must be UUID format"),
]


@pytest.mark.parametrize("path", ["/generate", "/apply_files"])
@pytest.mark.parametrize("name", ["user_id", "project_id"])
async def test_identifiers_in_bodies_are_checked(client: Client, path: str, name: str) -> None:
    for value, error in IDS:
        body = Run("a").body | {"files": [{"path": "a", "content": ""}], name: value}
        response = await client.http.post(path, json=body)
        assert (response.status_code, response.json()["error"]) == (400, error.format(name))


@pytest.mark.parametrize("path", ["/get_file", "/list_files", "/bundle"])
@pytest.mark.parametrize("name", ["user_id", "project_id"])
async def test_identifiers_in_queries_are_checked(client: Client, path: str, name: str) -> None:
    for value, error in IDS:
        if value is not None and (not isinstance(value, str) or len(value) > 1_000):
            continue
        query = Run("a").query | {name: value or ""}
        response = await client.http.get(path, params=query)
        assert (response.status_code, response.json()["error"]) == (400, error.format(name))


@pytest.mark.parametrize("run_id", [7, "", "x", UUID + "\n", "../../x", "x" * 5_000])
async def test_a_bad_run_id_is_refused(client: Client, run_id: object) -> None:
    response = await client.http.post("/generate", json=Run("a").body | {"run_id": run_id})
    assert response.status_code == 400
    assert response.json()["error"].startswith(("Invalid run_id", "run_id is required"))


async def test_an_unknown_run_is_not_found(client: Client) -> None:
    response = await client.http.get(f"/runs/{UUID}/events")
    assert (response.status_code, response.json()["code"]) == (404, "RUN_NOT_FOUND")


@pytest.mark.parametrize("action", ["events", "cancel"])
@pytest.mark.parametrize(
    ("run_id", "status"),
    [
        ("x", 400),
        ("x" * 5_000, 400),
        (UUID + "%0A", 400),
        ("..%2f..", 404),
        ("%00", 400),
        (".", 404),
    ],
)
async def test_what_is_no_run_is_refused(
    client: Client, action: str, run_id: str, status: int
) -> None:
    method = "GET" if action == "events" else "POST"
    response = await client.http.request(method, f"/runs/{run_id}/{action}")
    assert response.status_code == status
    assert response.json()["error"]


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "1" * 30, "١"])
async def test_a_bad_position_is_refused(client: Client, value: str) -> None:
    run = Run(script())
    await client.generate(run)
    response = await client.http.get(
        f"/runs/{run.run_id}/events", headers={b"Last-Event-ID": value.encode()}
    )
    assert response.status_code == 400
    assert response.json()["error"] == "Invalid Last-Event-ID"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"message": None}, "message is required"),
        ({"message": ""}, "message is required"),
        ({"message": 7}, "message must be a non-empty string"),
        ({"message": " \n"}, "message must be a non-empty string"),
        ({"skills": "x"}, "skills is not valid"),
        ({"skills": [1]}, "skills is not valid"),
        ({"context": []}, "context is not valid"),
        ({"context": {"history": [{"role": "user"}]}}, "context is not valid"),
        ({"context": {"spec": 7}}, "context is not valid"),
    ],
)
async def test_a_request_to_generate_is_checked(
    client: Client, change: dict[str, object], error: str
) -> None:
    response = await client.http.post("/generate", json=Run("a").body | change)
    assert (response.status_code, response.json()["error"]) == (400, error)


async def test_a_message_beyond_the_limit_is_refused(client: Client) -> None:
    response = await client.http.post("/generate", json=Run("x" * 100_001).body)
    assert response.status_code == 400
    assert response.json()["code"] == "INVALID_MESSAGE"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/", 404),
        ("GET", "/" + "x" * 20_000, 404),
        ("GET", "/generate", 405),
        ("POST", "/list_files", 405),
        ("POST", "/health", 405),
    ],
)
async def test_unknown_routes_and_methods_are_answered_in_json(
    client: Client, method: str, path: str, status: int
) -> None:
    response = await client.http.request(method, path)
    assert response.status_code == status
    assert response.json()["error"]


async def test_bad_requests_harm_nobody(client: Client) -> None:
    for body in (b"[" * 100_000, b"7", b"{"):
        await client.http.post("/generate", content=body)
    assert (await client.generate(Run(script())))[-1].event == "message"
