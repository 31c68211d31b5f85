"""The other commands, and how the command line refuses."""

import json
import socket
from pathlib import Path

import pytest

from tests.e2e.gateway import Gateway
from tests.e2e.installation import Installation, finished
from tests.e2e.processes import nothing_left

STRANGER = "11111111-1111-4111-8111-111111111111"


async def test_a_token_is_printed_alone_and_accepted(offline: Installation) -> None:
    async with offline.serving() as gateway:
        done = await offline.run("token", "--user", STRANGER, "--email", "someone@example.com")
        assert done.status == 0
        (line,) = done.output.splitlines()
        stranger = Gateway(gateway.url, line, gateway.process)
        viewer = (await stranger.query("{ viewer { id email } }"))["viewer"]
    assert viewer == {"id": STRANGER, "email": "someone@example.com"}


async def test_a_token_can_be_made_before_anything_is_served(offline: Installation) -> None:
    token = (await offline.run("token")).output.strip()
    async with offline.serving() as gateway:
        early = Gateway(gateway.url, token, gateway.process)
        assert await early.query("{ viewer { id } }") == await gateway.query("{ viewer { id } }")


@pytest.mark.parametrize("arguments", [["--user", "me"], ["--hours", "0"], ["--hours", "1e99"]])
async def test_a_token_that_cannot_be_is_refused(
    offline: Installation, arguments: list[str]
) -> None:
    refused = await offline.run("token", *arguments)
    assert refused.status != 0
    assert "Error: " in refused.errors
    assert "Traceback" not in refused.errors
    assert refused.output == ""


async def test_a_second_gateway_is_refused_and_the_first_unharmed(offline: Installation) -> None:
    async with offline.serving() as gateway:
        refused = await offline.run("serve")
        assert refused.status == 1
        assert "another gateway owns" in refused.errors
        assert len(refused.errors.splitlines()) == 1
        await gateway.project()


async def test_a_port_in_use_is_named(offline: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = await offline.run("serve", PORT=port)
    assert refused.status == 1
    assert port in refused.errors
    assert len(refused.errors.splitlines()) == 1
    await nothing_left(offline.data)


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        (["serve"], "PORT", "abc"),
        (["serve"], "USE_MODAL", "true"),
        (["serve"], "AGENT", "nobody"),
        (["serve"], "REDIS_URL", "redis://cache.example"),
        (["demo"], "SUPABASE_SERVICE_ROLE_KEY", "key"),
        (["serve"], "SUPABASE_JWT_SECRET", "too short"),
        (["demo"], "SUPABASE_URL", "https://project.example"),
        (["generate", "a game"], "PORT", "abc"),
        (["token"], "SUPABASE_URL", "nowhere"),
        (["doctor"], "LOG_FORMAT", "xml"),
    ],
)
async def test_a_broken_setting_is_named_in_one_line(
    offline: Installation, command: list[str], name: str, value: str
) -> None:
    refused = await offline.run(*command, **{name: value})
    assert refused.status == 1
    (line,) = refused.errors.splitlines()
    assert line.startswith("Error: ")
    assert name in line
    assert refused.output == ""


@pytest.mark.parametrize("command", [("serve",), ("generate", "a game"), ("demo",)])
@pytest.mark.parametrize("name", ["log.db", "store.db"])
async def test_a_damaged_database_is_named_in_one_line(
    offline: Installation, name: str, command: tuple[str, ...]
) -> None:
    damaged = offline.data / "gateway" / name
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"no database" * 1000)
    refused = await offline.run(*command)
    assert refused.status == 1
    assert refused.errors == f"Error: {damaged} cannot be opened: file is not a database\n"
    assert damaged.read_bytes() == b"no database" * 1000
    await nothing_left(offline.data)


@pytest.mark.parametrize("command", [("serve",), ("generate", "a game"), ("token",)])
async def test_a_data_directory_that_is_none_is_named(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    refused = await Installation(tmp_path / "file" / "data").run(*command)
    assert refused.status == 1
    (line,) = refused.errors.splitlines()
    assert str(tmp_path / "file") in line


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--project", STRANGER, "a game"], "No such project."),
        (["--project", "../..", "a game"], "projectId"),
        (["x" * 100_001], "between 1 and 100,000 characters"),
        ([" "], "between 1 and 100,000 characters"),
        (["--url", "http://127.0.0.1:1", "--token", "x", "a game"], "cannot be reached"),
        (["--url", "elsewhere", "--token", "x", "a game"], "cannot be reached"),
    ],
)
async def test_what_cannot_be_generated_is_refused_in_one_line(
    offline: Installation, arguments: list[str], text: str
) -> None:
    refused = await offline.run("generate", *arguments)
    assert refused.status == 1
    assert text in refused.errors
    assert len(refused.errors.splitlines()) == 1
    assert refused.output == ""


async def test_a_refusal_is_one_event_in_json(offline: Installation) -> None:
    refused = await offline.run("generate", "--json", "--project", STRANGER, "a game")
    assert refused.status == 1
    (event,) = refused.events
    assert (event["__typename"], event["code"]) == ("GenerationRefused", "PROJECT_NOT_FOUND")


async def test_a_foreign_project_is_not_found(offline: Installation) -> None:
    token = (await offline.run("token", "--user", STRANGER)).output.strip()
    async with offline.serving() as gateway:
        project = await gateway.project()
        refused = await offline.run("generate", "--token", token, "--project", project, "a game")
    assert refused.status == 1
    assert refused.errors == "Error: No such project. (PROJECT_NOT_FOUND)\n"


async def test_the_schema_is_printed(offline: Installation) -> None:
    done = await offline.run("schema")
    assert done.status == 0
    assert "union GenerationEvent" in done.output
    assert not offline.data.exists()


async def test_the_doctor_tells_what_will_run_where(offline: Installation) -> None:
    well = await offline.run("doctor")
    assert well.status == 0
    assert "offline: built-in games" in well.output
    assert "not running" in well.output
    async with offline.serving() as gateway:
        assert gateway.url in (await offline.run("doctor")).output


async def test_the_doctor_finds_what_is_broken(offline: Installation, tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    ill = await offline.run("doctor")
    assert ill.status == 1
    assert "✗  data" in ill.output
    assert ill.errors == ""


async def test_the_doctor_tries_the_shared_secret(offline: Installation) -> None:
    async with offline.serving():
        files = offline.data / "execution"
        port = json.loads((files / "state.json").read_text())["port"]
        secret = (files / "secret").read_text().strip()
        modal = {"USE_MODAL": "true", "MODAL_ENDPOINT": f"http://127.0.0.1:{port}/generate"}
        well = await offline.run("doctor", MODAL_INTERNAL_SECRET=secret, **modal)
        ill = await offline.run("doctor", MODAL_INTERNAL_SECRET=f"{secret}x", **modal)
    assert (well.status, ill.status) == (0, 1)
    assert "refuses our MODAL_INTERNAL_SECRET" in ill.output
    assert secret not in well.output + ill.output


async def test_the_execution_side_runs_alone(offline: Installation) -> None:
    offline.data.mkdir()
    async with offline.started("execution", "--nonsense") as process:
        assert (await finished(process)).status == 2
