"""What is refused, and what the page says then: a second job, too many words, a token that has
ended (`contract/legacy-ws.md` §0.3, §1, §2.8, §5.8, §5.12)."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from schema.execution import MAX_MESSAGE_CHARACTERS, Done
from tests.browser.conftest import Site
from tests.browser.player import Player
from tests.browser.tab import PHONE
from tests.browser.test_connections import ENDED, REFUSED
from tests.browser.test_running_jobs import running
from tests.browser.traffic import Traffic
from tests.resolvers.scripted_execution import ScriptedExecution

WORDS = "2Dでパズルを作って"
TOO_MANY = "Too many concurrent requests. Please wait for the current job to finish."


def errors(player: Player) -> Locator:
    """What the page says went wrong."""
    return player.log.locator(".message.error")


async def assert_usable(player: Player) -> None:
    """The next message can be written and sent."""
    await expect(player.page.get_by_label("メッセージ")).to_be_enabled()
    await expect(player.page.get_by_role("button", name="送信")).to_be_enabled()
    await expect(player.stop).to_be_hidden()


@pytest.mark.rule("ws.message.user-limit", "ws.divergence.nested-error", "ws.cancel.frees")
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
async def test_one_job_at_a_time_until_the_player_makes_room(
    scripted: Site, execution: ScriptedExecution, screen: dict[str, Any]
) -> None:
    async with scripted.player() as first, scripted.player(**screen) as second:
        await first.create_project()
        await running(first, execution)
        await second.create_project()
        for attempt in range(1, 3):
            await second.say(WORDS)
            await second.click("スキップ")
            await expect(errors(second)).to_have_text([TOO_MANY] * attempt)
            await assert_usable(second)
        await expect(errors(second).last).to_be_in_viewport(ratio=1)
        refusal = {"code": "USER_LIMIT_EXCEEDED", "message": TOO_MANY}
        frame = {"type": "error", "message": TOO_MANY, "error": refusal}
        assert second.tab.received("error") == [frame, frame]
        await expect(first.stop).to_be_visible()

        await first.click("停止")
        await expect(first.bubbles("停止しました")).to_have_count(1)
        execution.say(await second.begin(WORDS), Done("できました"))
        await expect(second.bubbles("できました")).to_have_count(1)


@pytest.mark.rule("ws.divergence.refused-words", "ws.tabs.limit")
async def test_words_that_were_refused_are_not_in_the_conversation(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as first, scripted.player() as second:
        await first.create_project()
        job_id = await running(first, execution)
        await second.create_project()
        await second.say(WORDS)
        await second.click("スキップ")
        await expect(errors(second)).to_have_text(TOO_MANY)
        await second.reload()
        await second.tab.until("projectSelected", 2)
        selected = second.tab.received("projectSelected")[-1]
        assert (selected["history"], selected["activeJob"]) == ([], None)
        await expect(second.log.locator(".message")).to_have_count(0)
        await assert_usable(second)

        execution.say(job_id, Done("できました"))
        await expect(first.bubbles("できました")).to_have_count(1)


@pytest.mark.rule("ws.divergence.content", "ws.message.content", "ws.close.nothing-else")
async def test_too_many_words_are_refused_and_as_many_as_may_be_are_not(
    scripted: Site, execution: ScriptedExecution
) -> None:
    # Latin, because so much Japanese takes Chromium minutes where it has a font for it.
    words = WORDS.ljust(MAX_MESSAGE_CHARACTERS, "!")
    async with scripted.player() as player:
        await player.create_project()
        await player.say(f"{words}。")
        await expect(errors(player)).to_have_text("Invalid request")
        await assert_usable(player)
        execution.say(await player.begin(words), Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)
        assert execution.requests[-1].message == words
        assert len(player.tab.sockets) == 2  # one a page


@pytest.mark.rule("ws.flow.refused", "ws.close.refused-token")
async def test_an_editor_with_an_ended_token_says_so_and_asks_for_nothing(scripted: Site) -> None:
    async with scripted.player() as player:
        project_id = await player.create_project()
    async with scripted.player(token=scripted.ended_token()) as player:
        await player.page.goto(f"{scripted.url}/project/{project_id}")
        await player.tab.until("error", 2)
        await expect(errors(player).first).to_have_text("Token expired")
        said = {frame["message"] for frame in player.tab.received("error")}
        assert said == {"Token expired"}
        asked = {frame["type"] for socket in player.tab.sockets for frame in socket.sent}
        assert asked - {"ping"} == {"init"}
        await expect(player.page.locator("#preview")).to_be_hidden()


@pytest.mark.rule("ws.divergence.ended-token")
async def test_a_token_that_ends_in_the_open_editor_is_named_by_whatever_is_tried(
    scripted: Site,
) -> None:
    async with scripted.player() as player:
        project_id = await player.create_project()
    token = scripted.token(timedelta(seconds=17))
    async with scripted.player(token=token, forgiving=True) as player:
        traffic = Traffic(player)
        await player.open_project(project_id)
        await player.tab.until("projectSelected")
        await player.page.wait_for_function(ENDED, arg=token)
        await player.click("バージョン")
        await expect(errors(player)).to_have_text(["Token expired"])
        await player.click("名前を変更")
        await player.click("変更する")
        await expect(errors(player)).to_have_text(["Token expired"] * 2)
        await player.click("削除")
        await player.click("削除する")
        await expect(errors(player)).to_have_text(["Token expired"] * 3)
        await player.say("敵を速くして")
        await expect(errors(player)).to_have_text(["Token expired"] * 4)
        assert player.tab.complaints == []

        for button in ("コード", "ダウンロード"):
            await player.click(button)
        refusals = ["Token expired"] * 4 + ["エラー: Invalid or expired token"] * 2
        await expect(errors(player)).to_have_text(refusals)
        await traffic.complained(REFUSED, REFUSED)
        await assert_usable(player)
        assert len(player.tab.sockets) == 1
    async with scripted.player() as player:
        await player.open_project(project_id)
        await expect(player.title).to_have_text("新しいゲーム")
