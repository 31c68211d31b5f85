"""A game that breaks tells the editor, which has it repaired (`contract/legacy-http.md` §1.5,
`contract/legacy-ws.md` §5.5)."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from schema.execution import Done
from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import Site
from tests.browser.player import Player
from tests.resolvers.scripted_execution import ScriptedExecution

BROKEN = (
    b"<!DOCTYPE html><html><head><title>Broken</title></head><script>\n\nplay();</script></html>"
)
MENDED = BROKEN.replace(b"play();", b"")


async def finish(player: Player, execution: ScriptedExecution, source: Source, page: bytes) -> None:
    """Let the newest job leave a page."""
    version = await asyncio.to_thread(source.commit, {"index.html": page})
    execution.pages[player.project_id] = await asyncio.to_thread(source.bundle)
    job_id = player.tab.received("jobStarted")[-1]["job"]["id"]
    execution.say(job_id, Done("できました", version=version, created=True))


@pytest.mark.rule("ws.flow.fix")
async def test_an_error_of_the_game_becomes_a_request_for_its_repair(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    source = Source(tmp_path / "source")
    async with scripted.player(forgiving=True) as player:
        await player.create_project()
        await player.begin()
        await finish(player, execution, source, BROKEN)
        await expect(player.title).to_have_text("Broken")
        await expect(player.page.locator("#game-status")).to_have_text("エラー 1件")
        assert player.tab.complaints == ["play is not defined"]

        await player.click("エラーを直す")
        await player.tab.until("jobStarted", 2)
        report = player.tab.sent("message")[-1]
        assert report["autoFix"] is True
        assert (
            "Uncaught ReferenceError: play is not defined (in index.html line " in report["content"]
        )
        assert "~" not in report["content"], "the address of the game is nobody else's"
        await finish(player, execution, source, MENDED)
        await player.playing()
