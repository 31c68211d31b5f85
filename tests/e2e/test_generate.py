"""`dreamcore generate`: from a prompt to a committed game, with nothing else running."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

from schema.identifiers import is_uuid
from tests.e2e.installation import Installation
from tests.e2e.processes import nothing_left
from tests.gateway.agreement import assert_agrees
from tests.gateway.watchers import WATCHERS


def git(workspace: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", workspace, *arguments], check=True, capture_output=True, text=True
    ).stdout


async def test_a_prompt_becomes_a_committed_game_and_tells_how(offline: Installation) -> None:
    done = await offline.generate("a neon breakout game")
    workspace = offline.workspace(done.told("project"))
    for shown in ("Offline agent", "(12 %)", "Neon Breakout", "Write index.html", "done"):
        assert shown in done.output
    assert "\x1b" not in done.output
    assert done.told("files") == str(workspace)
    assert "<canvas" in (workspace / "index.html").read_text()
    assert git(workspace, "log", "--format=%H").split() == [done.told("version")]
    assert git(workspace, "show", "--stat", "--format=").startswith(" index.html")
    await nothing_left(offline.data)


async def test_a_game_is_edited_in_its_project(offline: Installation) -> None:
    first = await offline.generate("a neon breakout game")
    project = first.told("project")
    before = (offline.workspace(project) / "index.html").read_text()
    second = await offline.generate("--project", project, "make it blue")
    assert second.told("project") == project
    assert "Edit index.html" in second.output
    assert (offline.workspace(project) / "index.html").read_text() != before
    versions = git(offline.workspace(project), "log", "--format=%H").split()
    assert versions == [second.told("version"), first.told("version")]


async def test_its_events_are_the_log_and_what_every_watcher_replays(
    offline: Installation,
) -> None:
    events = (await offline.generate("--json", "a snake game")).events
    generation_id = events[0]["generationId"]
    assert is_uuid(generation_id)
    replayed: dict[str, list[Any]] = {}
    async with offline.serving() as gateway:
        for transport in WATCHERS:
            replayed[transport] = await gateway.watch(generation_id, transport)
    stored = await offline.stored(generation_id)
    for received in (events, *replayed.values()):
        assert_agrees(received, stored)
    assert [event["__typename"] for event in events].count("GenerationCompleted") == 1


async def test_it_uses_the_gateway_that_runs(offline: Installation) -> None:
    async with offline.serving() as gateway:
        async with asyncio.timeout(60):
            done = await offline.run("generate", "--json", "a memory game")
        assert done.status == 0
        received = await gateway.watch(done.events[0]["generationId"])
        assert received[-1]["version"] == done.events[-1]["version"]


async def test_a_gateway_elsewhere_is_used_with_its_token(
    offline: Installation, tmp_path: Path
) -> None:
    elsewhere = Installation(tmp_path / "elsewhere")
    async with offline.serving() as gateway:
        place = ("--url", gateway.url, "--token", gateway.token)
        done = await elsewhere.run("generate", "--json", *place, "a memory game")
        assert done.status == 0
        refused = await elsewhere.run("generate", "--url", gateway.url, "--token", "x", "a game")
    assert refused.status == 1
    assert refused.errors.startswith("Error: ")
    assert not elsewhere.data.exists()


async def test_what_a_terminal_shows_keeps_the_text_and_hides_the_bar_at_the_end(
    offline: Installation,
) -> None:
    shown = await offline.shown("generate", "a neon breakout game")
    assert "\x1b[?25l" in shown  # the cursor is hidden while the bar is there
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    for text in ("Offline agent", "100%", "Neon Breakout", "Write index.html", "version   "):
        assert text in shown
