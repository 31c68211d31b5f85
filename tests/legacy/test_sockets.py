"""What an upgrade takes and gives, and what works before the reply to `init` (§1)."""

import json

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.adapters.legacy.stand import ALICE, Stand, begun, new_project
from tests.gateway.legacy_watcher import Browser, open_browser

NOT_INITIALIZED = {"type": "error", "message": "Not initialized"}


def address_of(stand: Stand) -> str:
    return stand.url.replace("http", "ws", 1)


@pytest.mark.rule("ws.upgrade.any-origin")
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
async def test_any_origin_may_connect(stand: Stand, origin: str | None) -> None:
    sent = Origin(origin) if origin is not None else None
    async with connect(f"{address_of(stand)}/", origin=sent) as connection:
        browser = Browser(connection)
        assert (await browser.init(stand.token_of()))["userId"] == ALICE


@pytest.mark.rule("ws.upgrade.no-token", "ws.upgrade.any-path")
@pytest.mark.parametrize("path", ["/", "/editor.html", "/project/x/y", "/api/projects"])
async def test_a_token_in_the_address_introduces_nobody(stand: Stand, path: str) -> None:
    query = f"{path}?access_token={stand.token_of()}"
    header = {"Authorization": f"Bearer {stand.token_of()}"}
    url = f"{address_of(stand)}{query}"
    async with connect(url, additional_headers=header) as connection:
        browser = Browser(connection)
        assert await browser.ask(type="createProject") == NOT_INITIALIZED
        assert await browser.silent()


@pytest.mark.rule("ws.upgrade.no-compression")
async def test_compression_is_not_agreed_to(stand: Stand) -> None:
    async with connect(f"{address_of(stand)}/", compression="deflate") as connection:
        assert connection.response is not None
        assert "Sec-WebSocket-Extensions" not in connection.response.headers
        assert await Browser(connection).silent()


@pytest.mark.rule("ws.order.before-init")
async def test_nothing_works_before_the_reply_even_if_init_is_on_its_way(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send({"type": "init", "access_token": stand.token_of()})
        await browser.send({"type": "createProject"})
        received = [await browser.receive(), await browser.receive()]
        assert NOT_INITIALIZED in received
        assert [frame["projects"] for frame in received if frame["type"] == "init"] == [[]]


@pytest.mark.rule("ws.init.again", "ws.sockets.several")
async def test_the_same_user_may_introduce_themselves_again(stand: Stand) -> None:
    """The project and the job that is watched stay."""
    async with stand.browser() as browser:
        project = await new_project(browser)
        row = await begun(browser)
        await browser.until("progress")
        again = await browser.init(stand.token_of())
        assert [entry["id"] for entry in again["projects"]] == [project]
        stand.finish(row["id"])
        assert (await browser.job())[-1]["type"] == "gameUpdated"
        assert (await browser.ask(type="message", content="2Dのゲームを作って"))["type"] != "error"


@pytest.mark.rule("ws.close.nothing-else", "ws.messages.unknown")
@pytest.mark.parametrize(
    "kind", ["viewState", "deselectProject", "cancelJob", "testError", "jobUpdate", "pong", "Ping"]
)
async def test_messages_of_later_clients_are_unknown(stand: Stand, kind: str) -> None:
    async with stand.browser() as browser:
        unknown = {"type": "error", "message": "Unknown message type"}
        assert await browser.ask(type=kind, jobId=ALICE, visible=True) == unknown
        assert await browser.silent()


@pytest.mark.rule("ws.frames.type-first")
async def test_frames_are_text_of_one_compact_object(stand: Stand) -> None:
    async with open_browser(stand.url) as browser:
        await browser.send({"type": "init", "access_token": stand.token_of()})
        raw = await browser.connection.recv()
        assert isinstance(raw, str)
        assert raw == f'{{"type":"init","userId":"{ALICE}","projects":[]}}'
        assert json.loads(raw)
