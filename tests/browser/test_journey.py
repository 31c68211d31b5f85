"""One person on the whole way, with everything that is real: from nothing to a game of their own,
changed, taken back, illustrated, described, played, and given up.

Source: `contract/legacy-ws.md` §5, `contract/legacy-http.md` §2.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Frame, Response, expect

from modal_app.agents.offline.palette import COLOUR_VALUES
from tests.browser.conftest import ALICE, Site, open_site
from tests.browser.pictures import photograph, sprite
from tests.browser.player import Player, parameters_of
from tests.browser.tab import DESKTOP, PHONE
from tests.browser.test_projects import card, rename
from tests.browser.test_versions import shown
from tests.browser.traffic import Traffic, refused

WISH = "宇宙を飛ぶシューティングゲームを作って"
NAME = "星の海"
DESCRIPTION = "星をよけて、青い光を集める"
HERO = f"/user-assets/{ALICE}/hero.png"
# Nothing makes pictures and movies here.
FIRST_VISIT = (refused(503, "Service Unavailable"), refused(404, "Not Found"))


async def play(game: Frame) -> None:
    """Start it; time goes on, and so does the game."""
    await game.locator("#start").click()
    await game.evaluate("game.advance(100)")
    assert await game.evaluate("game.state.phase") == "playing"


async def create(player: Player) -> None:
    """From words over the questions for dimension and style to a game that can be played."""
    await player.create_project()
    await player.say(WISH)
    await player.click("2Dで作成")
    await player.click("レトロドット絵")
    made = await shown(player, 2)  # the question was a job too
    assert made.game == "shooter"
    await expect(player.title).to_have_text(made.title)
    await play(await player.playing())


async def change_and_take_back(player: Player) -> None:
    """A blue game, and the one before it again."""
    before = await parameters_of(await player.playing())
    await player.say("色を青にして")
    assert (await shown(player, 3)).palette.primary == COLOUR_VALUES["blue"]
    await player.click("バージョン")
    versions = player.dialog("バージョン").get_by_role("listitem")
    await expect(versions).to_have_count(2)
    await versions.last.get_by_role("button", name="この版に戻す").click()
    await expect(player.bubbles("に戻しました")).to_have_count(1)
    assert await parameters_of(await player.playing()) == before


async def illustrate(player: Player) -> None:
    """A picture is uploaded and goes into the next message."""
    await player.click("アセット")
    assets = player.dialog("アセット")
    await assets.get_by_label("アップロード").set_input_files([sprite()])
    await expect(assets.locator("img")).to_have_js_property("naturalWidth", 8)
    await assets.get_by_role("button", name="メッセージに入れる").click()
    await expect(assets).to_have_count(0)
    message = player.page.get_by_label("メッセージ", exact=True)
    await message.press("Control+End")
    await message.press_sequentially("色を緑にして")
    await player.click("送信")
    assert (await shown(player, 4)).palette.primary == COLOUR_VALUES["green"]
    assert player.tab.sent("message")[-1]["content"] == (
        f"1：画像「hero.png」を使用: {HERO}\n\n色を緑にして"
    )


async def describe(player: Player) -> None:
    """The publish page: words that the game suggests, others instead, and a picture."""
    page = player.page
    traffic = Traffic(player)
    await page.get_by_role("link", name="公開").click()
    await expect(page.get_by_label("タイトル")).to_have_value(NAME)
    await traffic.complained(*FIRST_VISIT)
    await page.get_by_label("サムネイルを選ぶ").set_input_files([photograph("cover.png", 90, 160)])
    await expect(page.get_by_alt_text("サムネイル")).to_have_js_property("naturalWidth", 90)
    async with page.expect_response(_keeps_all) as kept:
        await page.get_by_label("説明").fill(DESCRIPTION)
        await page.get_by_label("許可しない").check()
    assert (await kept.value).ok


def _keeps_all(response: Response) -> bool:
    """Whether it is the answer to the draft with everything in it."""
    request = response.request
    parts = (DESCRIPTION, "disallowed", "/thumbnail?t=")
    return request.method == "PUT" and all(part in (request.post_data or "") for part in parts)


async def enjoy(player: Player, site: Site) -> None:
    """From the shelf to the page where the game is played."""
    page = player.page
    await page.goto(f"{site.url}/mypage")
    game = page.get_by_role("button", name=NAME)
    await expect(game).to_contain_text(DESCRIPTION)
    await expect(game.locator("img")).to_have_js_property("naturalWidth", 90)
    await game.click()
    await page.wait_for_url("**/play/*")
    await expect(player.title).to_have_text(NAME)
    await expect(page.frame_locator("#game").locator("#start")).to_be_visible()
    handle = await page.locator("#game").element_handle()
    assert handle is not None
    frame = await handle.content_frame()
    assert frame is not None
    await play(frame)
    assert (await parameters_of(frame)).palette.primary == COLOUR_VALUES["green"]


async def give_up(player: Player, site: Site, project_id: str) -> None:
    """Deleted, it is nowhere any more."""
    page = player.page
    await page.goto(f"{site.url}/create")
    await card(player, project_id).get_by_role("button", name="削除").click()
    await player.click("削除する")
    await expect(card(player, project_id)).to_have_count(0)
    await page.goto(f"{site.url}/mypage")
    await expect(page.get_by_role("link", name="新しいゲーム")).to_be_visible()
    await expect(page.get_by_role("button", name=NAME)).to_have_count(0)


@pytest.mark.rule("ws.rename.reply", "ws.restore.reply", "ws.delete.reply", "ws.styles.catalogue")
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_one_person_on_the_whole_way(
    browser: Browser, tmp_path: Path, screen: dict[str, Any]
) -> None:
    async with (
        open_site(browser, tmp_path) as site,
        site.player(forgiving=True, **screen) as player,
    ):
        await create(player)
        project_id = player.project_id
        await change_and_take_back(player)
        await rename(player, player, NAME)
        await expect(player.title).to_have_text(NAME)
        await illustrate(player)
        assert player.tab.complaints == []
        await describe(player)
        await enjoy(player, site)
        await give_up(player, site, project_id)
        assert sorted(player.tab.complaints) == sorted(FIRST_VISIT)
