"""The application as a program: how it starts, tells where it listens, and ends."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from modal_app.asgi import process_launcher
from modal_app.settings import SettingsError, load
from schema.execution import NETWORK_VARIABLES
from tests.modal_app.execution import SECRET, Run, connected, data_of
from tests.model_stub.server import serve

# What importing any module of the execution side must not load: it is deployed without them.
FOREIGN = ("strawberry", "supabase", "graphql", "resolvers", "adapters", "schema.graphql")
IMPORT_ALL = """
import pkgutil, sys, modal_app
for module in pkgutil.walk_packages(modal_app.__path__, "modal_app."):
    if not module.name.endswith((".deploy", ".launcher")) or module.name.endswith("runs.launcher"):
        __import__(module.name)
print("\\n".join(sys.modules))
"""


@asynccontextmanager
async def program(root: Path, **environment: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """`python -m modal_app.server` with a state file, ended in the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "modal_app.server"),
        *("--port", "0", "--state-file", str(root / "state" / "state.json")),
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(root), "AGENT": "offline", **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def listening(process: asyncio.subprocess.Process) -> None:
    """Returns when the program says that it listens."""
    assert process.stderr is not None
    async for line in process.stderr:
        if b"listens" in line:
            return


def secret_file(root: Path) -> str:
    path = root / "secret"
    path.write_text(SECRET + "\n", encoding="utf-8")
    return str(path)


def state_of(root: Path) -> dict[str, int]:
    state: dict[str, int] = json.loads((root / "state" / "state.json").read_bytes())
    return state


async def test_the_program_tells_its_pid_and_port_and_makes_a_game(tmp_path: Path) -> None:
    secret = secret_file(tmp_path)
    async with program(tmp_path, MODAL_INTERNAL_SECRET_FILE=secret) as process:
        async with asyncio.timeout(60):
            await listening(process)
        state = state_of(tmp_path)
        assert state["pid"] == process.pid
        run = Run("a neon breakout game")
        async with connected(state["port"]) as client:
            events = [data_of(event) for event in await client.generate(run)]
            page = await client.http.get("/get_file", params=run.query)
        assert events[-1]["type"] == "done"
        assert events[-1]["created"] is True
        assert "stream" in {event["type"] for event in events}
        assert page.text.lstrip().lower().startswith("<!doctype html>")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            await process.wait()
    assert (tmp_path / "execution" / "runs" / run.run_id / "journal.ndjson").exists()


async def test_the_models_address_which_may_hold_a_secret_is_not_logged(tmp_path: Path) -> None:
    async with serve() as model:
        environment = {
            "AGENT": "auto",
            "MODAL_INTERNAL_SECRET_FILE": secret_file(tmp_path),
            "ANTHROPIC_API_KEY": model.api_key,
            "ANTHROPIC_BASE_URL": f"{model.url}/path-that-is-a-secret",
        }
        async with asyncio.timeout(30), program(tmp_path, **environment) as process:
            await listening(process)
            async with connected(state_of(tmp_path)["port"]) as client:
                answer = await client.http.post("/detect_intent", json={"message": "undo"})
            assert answer.json()["fallback"] is True
            process.send_signal(signal.SIGTERM)
            _, errors = await process.communicate()
    assert b"a model did not answer" in errors
    assert b"path-that-is-a-secret" not in errors


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"AGENT": "gpt"}, b"AGENT"),
        ({"EXECUTION_PORT": "many"}, b"EXECUTION_PORT"),
        ({"MODAL_INTERNAL_SECRET_FILE": "/nowhere"}, b"MODAL_INTERNAL_SECRET_FILE"),
    ],
)
async def test_a_bad_configuration_ends_it_with_the_variable_named(
    tmp_path: Path, environment: dict[str, str], word: bytes
) -> None:
    async with asyncio.timeout(60), program(tmp_path, **environment) as process:
        _, errors = await process.communicate()
        assert process.returncode == 2
        assert word in errors
        assert b"Traceback" not in errors


def test_settings_hide_their_secrets(tmp_path: Path) -> None:
    settings = load({"MODAL_INTERNAL_SECRET": SECRET, "ANTHROPIC_API_KEY": "a key of the tests"})
    assert settings.secret == SECRET
    assert SECRET not in repr(settings)
    assert "a key of the tests" not in repr(settings)


def test_the_environment_of_runners_is_an_allow_list(tmp_path: Path) -> None:
    given = {
        "PATH": "/usr/bin",
        "DATA_DIR": str(tmp_path),
        "MODAL_INTERNAL_SECRET": SECRET,
        "ANTHROPIC_API_KEY": "key",
        "SUPABASE_SERVICE_ROLE_KEY": "key",
        "LD_PRELOAD": "/x.so",
    }
    assert set(load(given).runner_environment) == {"PATH", "PYTHONPATH"}


def test_runners_and_agents_reach_the_network_as_we_do() -> None:
    given = {name: f"{name} of the tests" for name in NETWORK_VARIABLES}
    settings = load({**given, "TZ": "Asia/Tokyo", "ALL_PROXY": "x", "NODE_OPTIONS": "x"})
    assert set(settings.runner_environment) == {*given, "TZ", "PYTHONPATH"}
    assert settings.network == given
    assert process_launcher(settings).configuration.network == given
    assert load({"HTTP_PROXY": ""}).network == {}
    assert "of the tests" not in repr(settings)


def test_defaults_listen_on_loopback_and_refuse_everything(tmp_path: Path) -> None:
    settings = load({})
    assert settings.host == "127.0.0.1"
    assert settings.secret is None
    assert settings.layout.root.name == "execution"


@pytest.mark.parametrize("port", ["-1", "65536", "x", "1.5"])
def test_a_port_is_a_number(port: str) -> None:
    with pytest.raises(SettingsError):
        load({"EXECUTION_PORT": port})


async def test_importing_the_execution_side_loads_nothing_of_the_gateway() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", IMPORT_ALL), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    loaded = output.decode().split()
    assert process.returncode == 0
    assert "modal_app.asgi" in loaded
    assert [name for name in loaded if name.startswith(FOREIGN)] == []
