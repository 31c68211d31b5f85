"""Tokens: refused, missing, ended, and of another user."""

from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from adapters.legacy.ports import Limits
from tests.adapters.legacy.stand import ALICE, BOB, Stand, begun, new_project, open_stand
from tests.gateway.legacy_watcher import open_browser


@pytest.mark.rule("ws.init.missing-token", "ws.init.refused-token", "ws.close.refused-token")
@pytest.mark.rule("ws.flow.refused", "ws.divergence.token-texts")
async def test_refused_tokens_close_the_socket_after_an_error(stand: Stand) -> None:
    expired = jwt.encode({"exp": 1, "sub": ALICE}, "k" * 32)
    refusals = {
        None: ("access_token required", "Authentication required"),
        "": ("access_token required", "Authentication required"),
        "garbage": ("Invalid token", "Authentication failed"),
        "." * 20_000: ("Invalid token", "Authentication failed"),
        5: ("Invalid access token", "Authentication failed"),
        expired: ("Token expired", "Authentication failed"),
    }
    for token, (message, reason) in refusals.items():
        async with open_browser(stand.url) as browser:
            assert await browser.init(token) == {"type": "error", "message": message}
            assert await browser.closed() == (4001, reason)


@pytest.mark.rule("ws.divergence.introduction-timeout")
async def test_a_socket_that_never_introduces_itself_is_closed(tmp_path: Path) -> None:
    limits = Limits(introduction_seconds=0.05)
    async with open_stand(tmp_path, limits) as stand, open_browser(stand.url) as browser:
        assert await browser.closed() == (4008, "Authentication timeout")


@pytest.mark.rule("ws.init.again", "ws.divergence.ended-token")
async def test_a_token_that_ends_on_an_open_socket_is_said_and_can_be_renewed(
    stand: Stand,
) -> None:
    async with open_browser(stand.url) as browser:
        await browser.init(stand.token_of(lifetime=timedelta(minutes=5)))
        project = await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        stand.clock.ahead = 600
        expired = {"type": "error", "message": "Token expired"}
        assert await browser.ask(type="getProjectInfo", projectId=project) == expired
        assert await browser.ask(type="message", content="x") == expired
        assert await browser.silent()
        stand.finish(row["id"])
        assert (await browser.job())[-1]["type"] == "gameUpdated"
        assert (await browser.init(stand.token_of()))["type"] == "init"
        info = await browser.ask(type="getProjectInfo", projectId=project)
        assert info["project"]["id"] == project


@pytest.mark.rule("ws.init.again", "ws.divergence.another-user")
async def test_another_user_on_the_same_socket_starts_from_nothing(stand: Stand) -> None:
    async with stand.browser() as browser:
        await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        assert (await browser.init(stand.token_of(BOB)))["projects"] == []
        stand.finish(row["id"])
        await stand.stored(row["id"])
        assert await browser.ask(type="message", content="x") == {
            "type": "error",
            "message": "No project selected",
        }
        assert await browser.silent()
