"""What the runner knows, and what it leaves behind."""

import json
import os
from pathlib import Path

import msgspec

from modal_app.settings import Settings
from schema.errors import ErrorCode
from tests.modal_app.execution import (
    Client,
    Run,
    data_of,
    script,
    served,
    settings_for,
)


async def test_the_runner_knows_neither_secret_nor_key(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, api_key="a key of the tests")
    run = Run(script({"environment": "environ"}, {"environment": "cmdline"}))
    async with served(settings) as client:
        text = (await client.http.post("/generate", json=run.body)).text
    assert "PYTHONPATH" in text
    files = [path.read_bytes() for path in settings.layout.run(run.run_id).path.iterdir()]
    for hidden in (settings.secret, settings.api_key):
        assert hidden is not None
        assert hidden not in text
        assert not any(hidden.encode() in content for content in files)


async def test_the_runner_inherits_no_file_but_its_lock(client: Client, tmp_path: Path) -> None:
    with (tmp_path / "lock of the supervisor").open("w") as foreign:
        os.set_inheritable(foreign.fileno(), True)
        events = await client.generate(Run(script({"descriptors": True})))
    told = next(data_of(event) for event in events if data_of(event)["type"] == "stream")
    assert "/lock" in told["content"]
    assert "supervisor" not in told["content"]


async def test_an_agent_without_its_program_fails_with_a_code(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path, agent="claude", claude_bin="/nowhere", runner_module="modal_app.runner"
    )
    async with served(settings) as client:
        assert (await client.http.get("/health")).json()["agent"] == "claude"
        end = data_of((await client.generate(Run("a game")))[-1])
    assert end["code"] == ErrorCode.CLI_SPAWN_ERROR


async def test_the_log_tells_how_a_run_ended_and_why(client: Client, settings: Settings) -> None:
    run = Run(script({"fail": "RATE_LIMIT"}))
    await client.generate(run)
    log = settings.layout.run(run.run_id).log.read_text()
    facts = json.loads(log.partition("run ended ")[2])
    assert (facts["code"], facts["exit_code"]) == ("RATE_LIMIT", None)
    assert facts["elapsed_seconds"] >= 0


async def test_context_reaches_the_agent_in_its_prompt(client: Client) -> None:
    body = Run(script({"prompt": True})).body | {
        "context": {"spec": "the specification", "history": [{"role": "user", "content": "hi"}]}
    }
    prompt = await prompt_of(client, body)
    assert "the specification" in prompt
    assert prompt.index("the specification") < prompt.rindex("Make a game")


async def test_a_chosen_style_is_kept_with_the_game(client: Client) -> None:
    first = Run(script({"write": ["index.html", "x"]}))
    style = {"context": {"style": "# ビジュアルスタイル: ネオンサイバー"}}
    await client.http.post("/generate", json=first.body | style)
    second = Run(script({"prompt": True}), project_id=first.project_id)
    assert "ネオンサイバー" in await prompt_of(client, second.body)


async def prompt_of(client: Client, body: dict[str, object]) -> str:
    """What an agent that is scripted to tell its prompt was given."""
    events = (await client.http.post("/generate", json=body)).text
    streams = [
        msgspec.json.decode(line.removeprefix("data: "), type=dict[str, object])
        for line in events.splitlines()
        if line.startswith("data: ")
    ]
    return next(str(event["content"]) for event in streams if event["type"] == "stream")


async def test_nothing_of_a_run_stays_but_its_record(client: Client, settings: Settings) -> None:
    run = Run(script({"write": ["index.html", "x"]}))
    await client.generate(run)
    left = {path.name for path in settings.layout.run(run.run_id).path.iterdir()}
    assert left == {"request.json", "journal.ndjson", "lock", "runner.log"}
