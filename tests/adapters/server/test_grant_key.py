"""Addresses of games that are being played while the gateway is restarted."""

import stat
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from adapters.server.development import DEVELOPMENT_USER
from adapters.server.grant_key import KEY_FILE, grant_key
from adapters.server.serving import serving
from adapters.server.settings import Settings
from schema.execution_port import Execution
from tests.resolvers.scripted_execution import ScriptedExecution

CREATE = """mutation { createProject(input: {name: "x"}) {
    ... on CreateProjectSuccess { project { id } } } }"""


async def _connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
    return ScriptedExecution()


async def test_a_game_finds_its_files_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(port=0, data_dir=tmp_path)
    async with (
        serving(settings, _connect) as running,
        httpx.AsyncClient(base_url=running.url) as http,
    ):
        authorized = {"Authorization": f"Bearer {running.token}"}
        made = await http.post("/graphql", json={"query": CREATE}, headers=authorized)
        project_id = made.json()["data"]["createProject"]["project"]["id"]
        page = f"/game/{DEVELOPMENT_USER}/{project_id}/index.html?access_token={running.token}"
        granted = (await http.get(page, headers={"Accept": "text/html"})).headers["location"]
    async with (
        serving(settings, _connect) as running,
        httpx.AsyncClient(base_url=running.url) as http,
    ):
        assert (await http.get(granted)).status_code == 200


def test_the_key_is_ours_alone_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    key = grant_key(tmp_path)
    assert grant_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    (tmp_path / KEY_FILE).write_bytes(key[:7])
    assert len(grant_key(tmp_path)) == len(key)
    assert grant_key(tmp_path) != key
