"""What is said in the conversation besides the game: suggestions, the code of an answer, failures
(`contract/legacy-ws.md` §3, §5.6, §5.8)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from schema.execution import Code, Done, Error, ProposedEdit, ProposedFile
from schema.helper_calls import ChatAnswer
from tests.adapters.mirror.bundles import Source
from tests.browser.conftest import Site
from tests.browser.player import Player
from tests.browser.tab import PHONE
from tests.browser.test_running_jobs import running
from tests.resolvers.scripted_execution import ScriptedExecution

PAGE = "<!doctype html><html><head><title>星の海</title></head><body>%s</body></html>"
CHANGES = "変更箇所を見る"


async def leave(
    player: Player,
    execution: ScriptedExecution,
    source: Source,
    page: str,
    code: Code | None = None,
) -> None:
    """Let the newest job leave a page, and see it end."""
    answers = await player.answers.count()
    version = await asyncio.to_thread(source.commit, {"index.html": page.encode()})
    execution.pages[player.project_id] = await asyncio.to_thread(source.bundle)
    job_id = player.tab.received("jobStarted")[-1]["job"]["id"]
    execution.say(job_id, Done("できました", version=version, created=not answers, code=code))
    await expect(player.answers).to_have_count(answers + 1)
    await expect(player.stop).to_be_hidden()


@pytest.mark.rule("ws.job.suggestions", "ws.message.dimension-answer")
async def test_a_question_can_still_be_answered_with_its_buttons_after_a_reload(
    scripted: Site,
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        await player.say("宇宙を飛ぶゲームを作って")
        buttons = player.log.locator(".choices button")
        await expect(buttons).to_have_text(["2Dで作成", "3Dで作成"])
        await player.reload()
        await expect(buttons).to_have_text(["2Dで作成", "3Dで作成"])
        await expect(player.answers).to_have_text(["2Dゲームと3Dゲーム、どちらで作成しますか？"])
        await player.click("3Dで作成")
        await expect(player.page.locator(".styles button:not(.more)")).to_have_count(12)
        assert player.tab.sent("message")[-1]["content"] == "3Dで作成"


@pytest.mark.rule("ws.job.suggestions", "ws.flow.chat", "ws.map.chat")
async def test_suggestions_of_an_answer_are_kept_as_they_were_offered(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    source = Source(tmp_path / "source")
    execution.answer = ChatAnswer("矢印キーです。", ("敵を速く、強くして", "<b>音</b>を追加して"))
    offered = ["敵を速く 強くして", "<b>音</b>を追加して"]
    async with scripted.player() as player:
        await player.create_project()
        await player.begin()
        await leave(player, execution, source, PAGE % "")
        await player.say("このゲームはどんな操作ですか？")
        buttons = player.log.locator(".choices button")
        await expect(buttons).to_have_text(offered)
        await player.reload()
        await expect(buttons).to_have_text(offered)
        await expect(player.answers.last).to_have_text("矢印キーです。")
        kept = player.tab.received("projectSelected")[-1]["history"][-1]["content"]
        assert kept == f"矢印キーです。\n\n提案: {'、'.join(offered)}"

        await player.click(offered[0])
        await expect(player.page.get_by_label("メッセージ")).to_have_value(offered[0])
        assert len(player.tab.sent("message")) == 3


@pytest.mark.rule("ws.frame.geminiCode")
async def test_an_answer_shows_what_it_changed(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path
) -> None:
    source = Source(tmp_path / "source")
    before, after = "<p>\n遅い敵</p>", "<p>\n<b>速い</b>敵</p>"
    created = Code(files=(ProposedFile("index.html", PAGE % before),))
    edited = Code(edits=(ProposedEdit("index.html", before, after),))
    async with scripted.player() as player:
        await player.create_project()
        await player.begin()
        await leave(player, execution, source, PAGE % before, created)
        buttons = player.page.get_by_role("button", name=CHANGES)
        await expect(buttons).to_have_count(0)

        for answers, code in enumerate((edited, None), start=1):
            await player.say("敵を速くして")
            await player.tab.until("jobStarted", 1 + answers)
            await leave(player, execution, source, PAGE % f"{after}{answers}", code)
            await expect(buttons).to_have_count(1)
        await buttons.click()
        changes = player.dialog("変更箇所")
        await expect(changes.get_by_role("heading", name="index.html")).to_be_visible()
        await expect(changes.locator(".removed")).to_have_text(["-<p>", "-遅い敵</p>"])
        await expect(changes.locator(".added")).to_have_text(["+<p>", "+<b>速い</b>敵</p>"])


@pytest.mark.rule("ws.flow.errors", "ws.map.error", "ws.job.history")
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_failure_leaves_the_game_the_words_and_a_page_that_works(
    scripted: Site, execution: ScriptedExecution, tmp_path: Path, screen: dict[str, Any]
) -> None:
    source = Source(tmp_path / "source")
    async with scripted.player(**screen) as player:
        await player.create_project()
        await player.begin()
        await leave(player, execution, source, PAGE % "")
        await player.say("敵を速くして")
        await player.tab.until("jobStarted", 2)
        job_id = player.tab.received("jobStarted")[-1]["job"]["id"]
        execution.say(job_id, Error("CLI_GENERAL_ERROR", "うまくいきませんでした"))
        failure = player.log.locator(".message.error")
        await expect(failure).to_have_text("エラー: うまくいきませんでした")
        await expect(failure).to_be_in_viewport()
        await expect(player.stop).to_be_hidden()
        await expect(player.page.get_by_role("button", name="送信")).to_be_enabled()
        await player.playing()

        await player.reload()
        await expect(player.bubbles("敵を速くして")).to_have_count(1)
        await expect(failure).to_have_count(0)
        await expect(player.log.locator(".message").last).to_be_in_viewport(ratio=1)
        await player.playing()
        await player.say("もう一度")
        await player.tab.until("jobStarted", 3)
        await leave(player, execution, source, PAGE % "速い敵")


@pytest.mark.rule("ws.flow.errors")
async def test_a_failure_without_words_of_its_own_has_those_of_its_code(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        job_id = await running(player, execution)
        execution.say(job_id, Error("SOMETHING_NEW"))
        await expect(player.log.locator(".message.error")).to_have_text(
            "エラー: 予期しないエラーが発生しました"
        )
