"""What becomes of helper calls that are not well formed."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.modal_app.execution import Client, connected, served, settings_for
from tests.modal_app.helper_calls.asking import PAGE

PATHS = ["/detect_intent", "/detect_skills", "/chat_haiku", "/generate_publish_info"]


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Client]:
    async with served(settings_for(tmp_path_factory.mktemp("execution"))) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
async def test_the_secret_is_required(client: Client, path: str) -> None:
    async with connected(client.port, secret=None) as stranger:
        response = await stranger.http.post(path, json={"message": "x"})
    assert (response.status_code, response.json()) == (401, {"error": "Unauthorized"})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"", b"7", b"[]", b"{", b"\xff", b"[" * 50_000])
async def test_a_body_is_a_json_object(client: Client, path: str, body: bytes) -> None:
    response = await client.http.post(path, content=body)
    assert (response.status_code, response.json()) == (400, {"error": "Invalid JSON"})


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_is_bounded(tmp_path: Path, path: str) -> None:
    async with served(settings_for(tmp_path, max_body_bytes=100)) as client:
        response = await client.http.post(path, content=b"x" * 101)
    assert (response.status_code, response.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("path", PATHS)
async def test_other_methods_are_refused(client: Client, path: str) -> None:
    response = await client.http.get(path)
    assert response.status_code == 405


@pytest.mark.parametrize("path", PATHS[:3])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "message is required"),
        ({"message": None}, "message is required"),
        ({"message": ""}, "message is required"),
        ({"message": 7}, "message must be a non-empty string"),
        ({"message": " \n"}, "message must be a non-empty string"),
        ({"message": ["x"]}, "message must be a non-empty string"),
    ],
)
async def test_a_message_is_required(
    client: Client, path: str, body: dict[str, Any], error: str
) -> None:
    response = await client.http.post(path, json=body)
    assert (response.status_code, response.json()) == (400, {"error": error})


@pytest.mark.parametrize("path", PATHS[:3])
async def test_a_message_is_bounded(client: Client, path: str) -> None:
    response = await client.http.post(path, json={"message": "x" * 100_001})
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_MESSAGE")


@pytest.mark.parametrize(
    ("path", "change", "error"),
    [
        ("/detect_skills", {"dimension": "4d"}, "dimension must be 2d or 3d"),
        ("/detect_skills", {"dimension": 2}, "dimension is not valid"),
        ("/detect_skills", {"existing_code": True}, "existing_code is not valid"),
        ("/chat_haiku", {"game_spec": {}}, "game_spec is not valid"),
        ("/chat_haiku", {"conversation_history": {}}, "conversation_history is not valid"),
        ("/chat_haiku", {"conversation_history": ["x"]}, "conversation_history is not valid"),
        (
            "/chat_haiku",
            {"conversation_history": [{"role": "user"}]},
            "conversation_history is not valid",
        ),
        ("/generate_publish_info", {"user_id": None}, "user_id is required"),
        (
            "/generate_publish_info",
            {"project_id": "../x"},
            "Invalid project_id: must be UUID format",
        ),
        ("/generate_publish_info", {"project_name": 7}, "project_name is not valid"),
        ("/generate_publish_info", {"game_code": []}, "game_code is not valid"),
        ("/generate_publish_info", {"spec_content": {}}, "spec_content is not valid"),
    ],
)
async def test_the_other_fields_are_checked(
    client: Client, path: str, change: dict[str, Any], error: str
) -> None:
    body = (PAGE if path == PATHS[3] else {"message": "x"}) | change
    response = await client.http.post(path, json=body)
    assert (response.status_code, response.json()) == (400, {"error": error})


async def test_absent_fields_may_be_null(client: Client) -> None:
    nothing = {"dimension": None, "existing_code": None, "game_spec": None}
    for path in PATHS[:3]:
        body = {"message": "x", "conversation_history": None} | nothing
        assert (await client.http.post(path, json=body)).status_code == 200
