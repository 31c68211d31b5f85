"""The shared secret: on every route but the health check, before anything else."""

import asyncio
from pathlib import Path

import pytest

from tests.modal_app.execution import SECRET, Client, Run, served, settings_for

UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


ROUTES = [
    ("POST", "/generate"),
    ("GET", f"/runs/{UUID}/events"),
    ("POST", f"/runs/{UUID}/cancel"),
    ("GET", "/bundle"),
    ("GET", "/get_file"),
    ("GET", "/list_files"),
    ("POST", "/apply_files"),
    ("GET", "/nowhere"),
    ("DELETE", "/generate"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("given", [None, "", "wrong", SECRET + "x", SECRET[:-1]])
async def test_nothing_is_answered_without_the_secret(
    stranger: Client, method: str, path: str, given: str | None
) -> None:
    headers = {} if given is None else {"X-Modal-Internal-Secret": given, "X-Modal-Secret": given}
    response = await stranger.http.request(method, path, headers=headers)
    assert response.status_code == 401
    assert response.json() == {"error": "Unauthorized"}


@pytest.mark.parametrize("header", ["X-Modal-Internal-Secret", "X-Modal-Secret"])
async def test_either_header_is_accepted(stranger: Client, header: str) -> None:
    response = await stranger.http.get(
        "/list_files", params=Run("").query, headers={header: SECRET}
    )
    assert response.json() == {"files": []}


async def test_a_secret_beyond_ascii_is_refused_like_any_other(client: Client) -> None:
    headers = {b"X-Modal-Internal-Secret": "秘密".encode()}
    assert (await client.http.get("/list_files", headers=headers)).status_code == 401


@pytest.mark.parametrize("secret", [None, ""])
async def test_without_a_configured_secret_everything_is_refused(
    tmp_path: Path, secret: str | None
) -> None:
    async with served(settings_for(tmp_path, secret=secret)) as client:
        client.http.headers["X-Modal-Internal-Secret"] = ""
        assert (await client.http.post("/generate", json=Run("a").body)).status_code == 401
        assert (await client.http.get("/health")).status_code == 200


async def test_the_secret_is_checked_before_the_body_is_read(client: Client) -> None:
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(b"POST /generate HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
        assert b" 401 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_health_needs_no_secret_and_names_the_agent(stranger: Client) -> None:
    answer = (await stranger.http.get("/health")).json()
    assert answer.pop("version")
    assert answer == {"status": "healthy", "app": "dreamcore", "agent": "offline"}
