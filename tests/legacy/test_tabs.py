"""Several pages of one user (§4.6, §4.8)."""

import pytest

from schema.execution import Stream
from tests.adapters.legacy.stand import Stand, begun, new_project


@pytest.mark.rule("ws.tabs.before", "ws.tabs.during", "ws.select.active-job")
async def test_an_open_page_sees_a_job_when_it_selects_again(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        project = await new_project(first)
        await second.ask(type="selectProject", projectId=project)
        row = await begun(first)
        await first.until("progress")
        assert await second.silent()
        selected = await second.ask(type="selectProject", projectId=project)
        assert selected["activeJob"]["id"] == row["id"]
        stand.finish(row["id"])
        assert (await second.job())[-1]["type"] == "gameUpdated"


@pytest.mark.rule("ws.tabs.silent", "ws.order.unsolicited")
async def test_projects_that_come_and_go_are_not_told_to_other_pages(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        project = await new_project(first)
        await first.ask(type="renameProject", projectId=project, name="改名")
        assert await second.silent()
        info = await second.ask(type="getProjectInfo", projectId=project)
        assert info["project"]["name"] == "改名"
        await first.ask(type="deleteProject", projectId=project)
        assert await second.silent()


@pytest.mark.rule("ws.watch.one")
async def test_a_page_that_subscribes_twice_is_told_everything_once(stand: Stand) -> None:
    async with stand.browser() as browser:
        project = await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        await browser.ask(type="subscribeJob", jobId=row["id"])
        await browser.ask(type="selectProject", projectId=project)
        await browser.ask(type="subscribeJob", jobId=row["id"])
        stand.execution.say(row["id"], Stream("一度だけ", 1))
        stand.finish(row["id"], "終わり")
        told = [f["content"] for f in await browser.job() if f["type"] == "stream"]
        assert "".join(told) == "一度だけ終わり"


@pytest.mark.rule("ws.divergence.game-updated-project", "ws.subscribe.reply")
async def test_the_preview_is_that_of_the_job_not_of_the_page(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        await new_project(second)
        project = await new_project(first)
        row = await begun(first)
        assert await second.ask(type="subscribeJob", jobId=row["id"]) == {
            "type": "subscribed",
            "jobId": row["id"],
        }
        stand.finish(row["id"])
        assert (await second.job())[-1]["projectId"] == project


@pytest.mark.rule("ws.tabs.limit", "ws.message.user-limit", "ws.divergence.refused-words")
async def test_another_project_has_to_wait_and_keeps_no_words(stand: Stand) -> None:
    async with stand.browser() as first, stand.browser() as second:
        await new_project(first)
        await begun(first)
        waiting = await new_project(second)
        refused = await second.ask(type="message", content="2Dで", skipStyleSelection=True)
        assert refused["error"]["code"] == "USER_LIMIT_EXCEEDED"
        selected = await second.ask(type="selectProject", projectId=waiting)
        assert (selected["history"], selected["activeJob"]) == ([], None)
