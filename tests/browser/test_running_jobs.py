"""A job while it runs, as its player sees it: reload, a second tab, stop, failure, limit
(`contract/legacy-ws.md` §4.5-4.8, §5.7-5.9). The test says how the job goes on."""

import pytest
from playwright.async_api import expect

from schema.execution import Done, Error, Status, Stream
from tests.browser.conftest import Site
from tests.browser.player import Player
from tests.resolvers.scripted_execution import ScriptedExecution


async def running(player: Player, execution: ScriptedExecution, words: str = "作成中です。") -> str:
    """The id of a job that has said something."""
    job_id = await player.begin()
    execution.say(job_id, Status("コード生成中...", 20), Stream(words, 1))
    await expect(player.stream).to_contain_text(words)
    return job_id


@pytest.mark.rule("ws.flow.reconnect")
async def test_a_reload_in_the_middle_goes_on_where_the_job_is(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        job_id = await running(player, execution)
        await player.reload()
        await expect(player.stop).to_be_visible()
        await expect(player.page.locator("#progress")).to_have_text("処理中... 20%")
        await expect(player.bubbles("2Dでゲームを作って")).to_have_count(1)
        selected = player.tab.received("projectSelected")[-1]
        assert selected["activeJob"]["id"] == job_id

        execution.say(job_id, Stream("もうすぐです。", 1))
        await expect(player.stream).to_contain_text("もうすぐです。")
        execution.say(job_id, Status("仕上げ中...", 80))
        await expect(player.page.locator("#progress")).to_have_text("処理中... 80%")
        execution.say(job_id, Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)
        await expect(player.stop).to_be_hidden()
        await player.playing()  # the welcome page: this run has left no version
        assert len(player.tab.received("gameUpdated")) == 1


@pytest.mark.rule("ws.tabs.during", "ws.divergence.game-updated-everywhere")
async def test_a_second_tab_sees_the_same_job_and_the_same_end(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player, scripted.player() as other:
        project_id = await player.create_project()
        job_id = await running(player, execution)
        await other.open_project(project_id)
        await expect(other.stop).to_be_visible()
        execution.say(job_id, Stream("見えますか", 1))
        for one in (player, other):
            await expect(one.stream).to_contain_text("見えますか")
        execution.say(job_id, Done("できました"))
        for one in (player, other):
            await expect(one.bubbles("できました")).to_have_count(1)
            await expect(one.stop).to_be_hidden()
            await one.playing()


@pytest.mark.rule("ws.tabs.message", "ws.job.existing")
async def test_a_message_from_another_tab_joins_the_job_that_runs(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player, scripted.player() as other:
        project_id = await player.create_project()
        await other.open_project(project_id)
        job_id = await running(player, execution)
        await expect(other.stop).to_be_hidden()
        await other.say("敵を速くして")
        await expect(other.page.locator("#progress")).to_have_text("Resuming job... 20%")
        await other.tab.until("jobStarted")
        (joined,) = other.tab.received("jobStarted")
        assert (joined["job"]["id"], joined["isExisting"]) == (job_id, True)
        execution.say(job_id, Done("できました"))
        for one in (player, other):
            await expect(one.bubbles("できました")).to_have_count(1)
        assert len(execution.requests) == 1


@pytest.mark.rule("ws.cancel.everybody", "ws.cancel.silence", "ws.divergence.one-cancelled")
async def test_stop_is_said_once_and_nothing_follows(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        job_id = await running(player, execution)
        await player.click("停止")
        await expect(player.bubbles("停止しました")).to_have_count(1)
        await expect(player.stop).to_be_hidden()
        assert player.tab.sent("cancel") == [{"type": "cancel", "jobId": job_id}]

        # The next job works, so whatever could follow the first one's end has had its time.
        execution.say(await player.begin("2Dでパズルを作って"), Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)
        await expect(player.bubbles("停止しました")).to_have_count(1)
        assert len(player.tab.received("cancelled")) == 1
        assert player.tab.received("failed") == []


@pytest.mark.rule("ws.flow.errors", "ws.job.slots")
async def test_a_failure_is_told_and_the_next_message_works(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        job_id = await running(player, execution)
        execution.say(job_id, Error("CLI_TIMEOUT", "時間がかかりすぎました"))
        await expect(player.bubbles("エラー: ")).to_have_count(1)
        await player.tab.until("failed")
        assert player.tab.received("failed")[0]["error"] in await player.log.inner_text()
        await expect(player.stop).to_be_hidden()
        assert player.tab.received("gameUpdated") == []

        execution.say(await player.begin("2Dでもう一度作って"), Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)


@pytest.mark.rule("ws.tabs.limit", "ws.frames.error-message", "ws.divergence.nested-error")
async def test_a_second_project_waits_for_the_first(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player, scripted.player() as other:
        await player.create_project()
        job_id = await running(player, execution)
        await other.create_project()
        await other.say("2Dでパズルを作って")
        await other.click("スキップ")
        await expect(other.bubbles("Too many concurrent requests.")).to_have_count(1)
        await other.tab.until("error")
        (refused,) = other.tab.received("error")
        assert refused["error"] == {"code": "USER_LIMIT_EXCEEDED", "message": refused["message"]}
        await expect(other.stop).to_be_hidden()

        execution.say(job_id, Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)
        await other.begin("2Dでパズルを作って")
