"""What can be done with a project besides talking about it: another name, no project any more, its
page and its archive (`contract/legacy-ws.md` §2.5, §2.6, §5.11, `contract/legacy-http.md` §1.3)."""

import zipfile
from typing import Any

import httpx
import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Site
from tests.browser.player import Player
from tests.browser.tab import PHONE
from tests.browser.test_making_a_game import made
from tests.browser.test_running_jobs import running
from tests.resolvers.scripted_execution import ScriptedExecution

NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
# Marks that mean something in markup, in addresses and in file names.
NAME = "星の海 & <b>'100%'</b>"


def card(player: Player, project_id: str) -> Locator:
    """A project in the list of games."""
    link = player.page.locator(f'a[href="/project/{project_id}"]')
    return player.page.get_by_role("listitem").filter(has=link)


async def rename(player: Player, place: Player | Locator, name: str) -> None:
    """Give a project another name, by the button that is there."""
    where = player.page if isinstance(place, Player) else place
    await where.get_by_role("button", name="名前を変更").click()
    await player.dialog("名前を変更").get_by_label("新しい名前").fill(name)
    await player.page.keyboard.press("Enter")
    await expect(player.dialog("名前を変更")).to_have_count(0)


async def page_of(site: Site, player: Player) -> str:
    """The page as it is kept, without what makes it report errors."""
    address = f"{site.url}/api/projects/{player.project_id}/preview"
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {site.token()}"}) as client:
        reply = await client.get(address)
    assert reply.status_code == 200
    return reply.text


@pytest.mark.rule("ws.flow.rename-delete", "ws.rename.reply", "ws.tabs.silent")
async def test_another_name_is_there_wherever_one_looks_next(scripted: Site) -> None:
    async with scripted.player() as player, scripted.player() as other:
        project_id = await player.create_project()
        await other.open_project(project_id)
        await rename(player, player, NAME)
        await expect(player.title).to_have_text(NAME)
        await expect(player.page).to_have_title(NAME)
        await expect(other.title).to_have_text("新しいゲーム")
        await other.reload()
        await expect(other.title).to_have_text(NAME)

        await player.page.goto(f"{scripted.url}/create")
        link = card(player, project_id).get_by_role("link")
        await expect(link).to_have_text(NAME)
        await rename(player, card(player, project_id), "別の名前")
        await expect(link).to_have_text("別の名前")


@pytest.mark.rule("ws.divergence.names", "ws.rename.errors")
async def test_a_name_that_is_too_long_is_refused_and_the_old_one_stays(scripted: Site) -> None:
    async with scripted.player() as player:
        await player.create_project()
        await rename(player, player, "あ" * 201)
        await expect(player.log.locator(".message.error")).to_have_text("Invalid request")
        await player.reload()
        await expect(player.title).to_have_text("新しいゲーム")
        await rename(player, player, "あ" * 200)
        await expect(player.title).to_have_text("あ" * 200)


@pytest.mark.rule("ws.flow.rename-delete", "ws.delete.reply", "ws.init.reply")
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_deleted_project_is_gone_from_the_list_and_from_its_address(
    scripted: Site, screen: dict[str, Any]
) -> None:
    async with scripted.player(**screen) as player:
        kept, gone = await player.create_project(), await player.create_project()
        await player.click("削除")
        await expect(player.dialog("削除")).to_contain_text("「新しいゲーム」を削除しますか？")
        await player.click("キャンセル")
        await expect(player.dialog("削除")).to_have_count(0)
        assert player.tab.sent("deleteProject") == []

        await player.click("削除")
        await player.click("削除する")
        await player.page.wait_for_url("**/create")
        await expect(card(player, kept)).to_be_visible()
        await expect(card(player, gone)).to_have_count(0)
        await player.page.goto(f"{scripted.url}/project/{gone}")
        await player.page.wait_for_url("**/create")

        await card(player, kept).get_by_role("button", name="削除").click()
        await player.click("削除する")
        await expect(player.page.get_by_text("まだゲームがありません")).to_be_visible()


@pytest.mark.rule("ws.divergence.delete-running", "ws.ownership.uniform", "ws.tabs.silent")
async def test_a_job_ends_with_its_project(scripted: Site, execution: ScriptedExecution) -> None:
    async with scripted.player() as player, scripted.player() as other:
        project_id = await player.create_project()
        await running(player, execution)
        await other.page.goto(f"{scripted.url}/create")
        await card(other, project_id).get_by_role("button", name="削除").click()
        await other.click("削除する")
        await expect(other.page.get_by_text("まだゲームがありません")).to_be_visible()
        await expect(player.bubbles("停止しました")).to_have_count(1)
        await expect(player.stop).to_be_hidden()

        await player.say("敵を速くして")
        await expect(player.log.locator(".message.error")).to_have_text("Access denied")
        await player.page.reload()
        await player.page.wait_for_url("**/create")
        await other.create_project()
        await running(other, execution)  # nothing of the other job is in its way


@pytest.mark.rule("http.projects.download", "http.projects.code")
async def test_the_game_can_be_read_and_taken_home(site: Site) -> None:
    async with site.player() as player:
        await made(player)
        page = await page_of(site, player)
        await player.click("コード")
        code = player.dialog("コード").locator("pre")
        await expect(code).to_be_visible()
        assert await code.text_content() == page
        await player.click("閉じる")

        await rename(player, player, "星の海 1.0")
        await expect(player.title).to_have_text("星の海 1.0")
        async with player.page.expect_download() as downloading:
            await player.click("ダウンロード")
        download = await downloading.value
        assert download.suggested_filename == "星の海 1.0.zip"
        with zipfile.ZipFile(await download.path()) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["index.html"]
            assert archive.read("index.html").decode() == page


@pytest.mark.rule("http.projects.download", "http.projects.code")
async def test_what_is_not_there_yet_is_told(scripted: Site) -> None:
    async with scripted.player(forgiving=True) as player:
        await player.create_project()
        told = player.log.locator(".message.error")
        for count, button in enumerate(("コード", "ダウンロード"), start=1):
            async with player.page.expect_console_message():
                await player.click(button)
            await expect(told).to_have_text(["エラー: Project not found"] * count)
        assert player.tab.complaints == [NOT_FOUND, NOT_FOUND]
