"""Connections that break, fall silent or are refused.

Source: `contract/legacy-ws.md` §1.1, §4.7, §5.12.
"""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from schema.execution import Done, Stream
from tests.browser.conftest import Site
from tests.browser.line import line_to
from tests.browser.test_running_jobs import running
from tests.resolvers.scripted_execution import ScriptedExecution

ENDED = "(token) => Date.now() / 1000 >= JSON.parse(atob(token.split('.')[1])).exp"

REFUSED = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"


@pytest.mark.rule("ws.sockets.reconnect", "ws.flow.reconnect")
async def test_a_cut_connection_comes_back_and_shows_the_job_that_went_on(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with line_to(scripted.url) as line, scripted.player(url=line.url) as player:
        await player.create_project()
        job_id = await running(player, execution)
        line.hold()
        line.cut()
        await expect(player.page.locator("#connection")).to_have_text("再接続中...")
        execution.say(job_id, Stream("その間に", 1))
        line.release()
        await expect(player.page.locator("#connection")).to_have_text("接続済み")
        await expect(player.stop).to_be_visible()
        await expect(player.stream).to_contain_text("その間に")
        execution.say(job_id, Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)
        assert len(player.tab.sockets) == 3


@pytest.mark.rule("ws.watch.ended-away")
async def test_what_ended_while_nobody_was_connected_is_in_the_conversation(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with line_to(scripted.url) as line, scripted.player(url=line.url) as player:
        await player.create_project()
        job_id = await running(player, execution)
        async with scripted.player() as other:
            await other.open_project(player.project_id)
            line.hold()
            line.cut()
            execution.say(job_id, Done("できました"))
            await expect(other.bubbles("できました")).to_have_count(1)
        line.release()
        await expect(player.bubbles("できました")).to_have_count(1)
        await expect(player.stop).to_be_hidden()


@pytest.mark.rule("ws.ping.concurrent")
async def test_a_silent_connection_is_given_up_after_two_seconds(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with line_to(scripted.url) as line, scripted.player(url=line.url) as player:
        await player.create_project()
        job_id = await running(player, execution)
        line.hold()
        async with player.page.expect_event("websocket"):
            await player.page.evaluate("dispatchEvent(new Event('focus'))")
            await expect(player.page.locator("#connection")).to_have_text("接続確認中...")
        line.release()
        await player.tab.until("projectSelected", 2)
        execution.say(job_id, Done("できました"))
        await expect(player.bubbles("できました")).to_have_count(1)


@pytest.mark.rule("ws.ping.concurrent")
async def test_every_check_is_answered_while_a_job_runs(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        await player.create_project()
        job_id = await running(player, execution)
        answered = len(player.tab.received("pong"))
        for number in range(1, 4):
            execution.say(job_id, *(Stream("文字。", 1) for _ in range(200)))
            await player.page.evaluate("dispatchEvent(new Event('focus'))")
            await player.tab.until("pong", answered + number)
        assert len(player.tab.sockets) == 2


@pytest.mark.rule("ws.flow.refused", "ws.close.refused-token")
async def test_an_ended_token_is_refused_and_the_page_comes_back_each_second(
    scripted: Site,
) -> None:
    async with scripted.player(token=scripted.ended_token()) as player:
        await player.page.goto(f"{scripted.url}/create")
        await expect(player.page.get_by_role("alert")).to_have_text("Token expired")
        # As recorded: the frontend does not give up, and nothing tells it to.
        await player.tab.until("error", 2)
        assert player.tab.received("init") == []
        assert [len(socket.received) for socket in player.tab.sockets][:2] == [1, 1]


@pytest.mark.rule("ws.divergence.ended-token")
async def test_a_token_that_ends_while_the_page_is_open_is_told_and_the_socket_stays(
    scripted: Site, execution: ScriptedExecution
) -> None:
    async with scripted.player() as player:
        project_id = await player.create_project()
        job_id = await running(player, execution)
    token = scripted.token(timedelta(seconds=17))
    async with scripted.player(token=token, forgiving=True) as player:
        await player.open_project(project_id)
        await player.page.wait_for_function(ENDED, arg=token)
        await player.click("停止")
        await expect(player.bubbles("Token expired")).to_have_count(1)
        assert player.tab.complaints == []
        # The frontend loads the preview anew after every job, with the only token it has.
        async with player.page.expect_response(lambda reply: "/game/" in reply.url) as preview:
            execution.say(job_id, Done("できました"))
        assert (await preview.value).status == 401
        await expect(player.bubbles("できました")).to_have_count(1)
        assert len(player.tab.sockets) == 1
        assert set(player.tab.complaints) <= {REFUSED}
