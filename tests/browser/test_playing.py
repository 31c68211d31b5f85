"""From the list of one's games to the page where one is played.

Source: `contract/legacy-http.md` §0.5, §1.1, §2.
"""

import asyncio
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Frame, expect

from schema.execution import Done
from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import ALICE, Site
from tests.browser.player import Player
from tests.browser.tab import PHONE, opened
from tests.browser.traffic import Traffic, refused
from tests.resolvers.scripted_execution import ScriptedExecution

FILES: Final = {
    "index.html": b"<!DOCTYPE html><html><head><title>Two files</title></head><body>"
    b'<button id="start">Start</button><script src="js/game.js"></script></body></html>',
    "js/game.js": b"start.onclick = () => start.append('ed');\nwindow.ready = true;",
}
NO_PICTURE: Final = refused(404, "Not Found")


async def made(player: Player, execution: ScriptedExecution, source: Source) -> str:
    """A project with a game of two files; its id."""
    project_id = await player.create_project()
    job_id = await player.begin()
    version = await asyncio.to_thread(source.commit, FILES)
    execution.pages[project_id] = await asyncio.to_thread(source.bundle)
    execution.say(job_id, Done("できました", version=version, created=True))
    await expect(player.bubbles("できました")).to_have_count(1)
    await player.playing()
    return project_id


async def game_of(player: Player) -> Frame:
    """The frame of the play page, as soon as its game can be played."""
    await expect(player.page.locator("#game")).to_be_visible()
    handle = await player.page.locator("#game").element_handle()
    assert handle is not None
    frame = await handle.content_frame()
    assert frame is not None
    await frame.wait_for_function("window.ready")
    return frame


@pytest.mark.rule("http.projects.list", "http.projects.row", "http.page.play", "http.page.others")
@pytest.mark.rule("http.game.sandbox", "http.game.sub-resources", "http.thumbnail.public")
async def test_a_game_is_chosen_and_played(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    async with scripted.player(forgiving=True) as player:
        project_id = await made(player, execution, Source(tmp_path / "source"))
        traffic = Traffic(player)
        await player.page.goto(f"{scripted.url}/mypage")
        game = player.page.get_by_role("button", name="Two files")
        await expect(game).to_be_visible()
        await traffic.complained(NO_PICTURE)
        assert await traffic.answered("GET /thumbnail") == [404]
        await expect(game.locator("img")).to_have_count(0)
        await game.click()
        await player.page.wait_for_url(f"**/play/{project_id}")
        await expect(player.title).to_have_text("Two files")

        frame = await game_of(player)
        assert await player.page.locator("#game").get_attribute("sandbox") is None
        # Without the attribute too: what is served says that it is a stranger's.
        assert await frame.evaluate("origin") == "null"
        assert "access_token" not in await frame.evaluate("location.href")
        await frame.locator("#start").click()
        await expect(frame.locator("#start")).to_have_text("Started")
        assert traffic.calls == ["GET projects", "GET thumbnail", f"GET {project_id}"]
        await traffic.complained(NO_PICTURE)


@pytest.mark.rule("http.page.play", "http.token.missing")
async def test_a_page_to_play_opens_for_anybody_and_its_game_does_not(scripted: Site) -> None:
    async with opened(scripted.browser, scripted.url, forgiving=True) as tab:
        traffic = Traffic(Player(tab))
        await tab.page.goto(f"{scripted.url}/play/36b07c0b-1fe6-4e62-a817-d7c203de6a6e")
        alert = tab.page.get_by_role("alert")
        await expect(alert).to_have_text("エラー: No access token provided")
        await expect(tab.page.locator("#game")).to_be_hidden()
        await traffic.complained(refused(401, "Unauthorized"))


@pytest.mark.rule("http.guard.project")
async def test_an_unknown_game_is_told(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        traffic = Traffic(player)
        await player.page.goto(f"{scripted.url}/play/36b07c0b-1fe6-4e62-a817-d7c203de6a6e")
        await expect(player.page.get_by_role("alert")).to_have_text("エラー: Project not found")
        await traffic.complained(refused(404, "Not Found"))


@pytest.mark.rule("http.page.play")
async def test_a_game_fills_the_page_of_a_phone(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    async with scripted.player(**PHONE) as player:
        project_id = await made(player, execution, Source(tmp_path / "source"))
        await player.page.goto(f"{scripted.url}/play/{project_id}")
        frame = await game_of(player)
        await frame.locator("#start").tap()
        await expect(frame.locator("#start")).to_have_text("Started")
        box = await player.page.locator("#game").bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 500
        assert box["y"] + box["height"] <= 844


@pytest.mark.rule("http.token.invalid")
async def test_an_ended_token_is_told_once(scripted: Site) -> None:
    async with scripted.player(token=scripted.ended_token(), forgiving=True) as player:
        traffic = Traffic(player)
        for path in ("/mypage", f"/play/{ALICE}", f"/publish.html?id={ALICE}"):
            before = len(traffic.asked())
            await player.page.goto(f"{scripted.url}{path}")
            alert = player.page.get_by_role("alert")
            await expect(alert).to_have_text("エラー: Invalid or expired token")
            assert len(traffic.asked()) == before + 1
        await traffic.complained(*[refused(401, "Unauthorized")] * 3)
