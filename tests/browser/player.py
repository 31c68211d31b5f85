"""A person who makes games with the frontend."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, Frame, Locator, Page, expect

from modal_app.agents.offline import page as game_page
from modal_app.agents.offline.parameters import GameParameters
from tests.browser.tab import DESKTOP, Tab, opened

SESSION: Final = "dreamcore_session_cache"
_CANVAS: Final = "document.getElementById('canvas').toDataURL()"


class Player:
    """Somebody signed in, in front of one tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab: Final = tab
        self.page: Final[Page] = tab.page

    @property
    def project_id(self) -> str:
        """Of the open editor."""
        return self.page.url.rpartition("/")[2]

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.locator("#messages")

    @property
    def stream(self) -> Locator:
        """What the agent says while it works."""
        return self.page.locator("#stream")

    @property
    def title(self) -> Locator:
        """The project's name."""
        return self.page.locator("#title")

    @property
    def stop(self) -> Locator:
        """The button that is there while a job runs."""
        return self.page.get_by_role("button", name="停止")

    @property
    def answers(self) -> Locator:
        """The messages that are not the player's own, nor errors."""
        return self.log.locator(".message.assistant")

    def dialog(self, name: str) -> Locator:
        """What is open in front of the page."""
        return self.page.get_by_role("dialog", name=name, exact=True)

    def bubbles(self, text: str) -> Locator:
        """The messages with a text."""
        return self.log.locator(".message", has_text=text)

    async def create_project(self) -> str:
        """From the list of games into the editor of a new one; gives its id."""
        await self.page.goto(f"{self.tab.url}/create")
        await self.page.get_by_role("button", name="新しいゲームを作る").click()
        await self.page.wait_for_url("**/project/*")
        await self._in_editor()
        return self.project_id

    async def open_project(self, project_id: str) -> None:
        """By its address."""
        await self.page.goto(f"{self.tab.url}/project/{project_id}")
        await self._in_editor()

    async def reload(self) -> None:
        """Come again in the same tab."""
        await self.page.reload()
        await self._in_editor()

    async def say(self, words: str) -> None:
        """Send a message."""
        await self.page.get_by_label("メッセージ").fill(words)
        await self.page.get_by_role("button", name="送信").click()

    async def click(self, name: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def begin(self, words: str = "2Dでゲームを作って") -> str:
        """Send a message in a new project and leave the style open; the id of the job."""
        earlier = len(self.tab.received("jobStarted"))
        await self.say(words)
        await self.click("スキップ")
        await self.tab.until("jobStarted", earlier + 1)
        job_id: str = self.tab.received("jobStarted")[-1]["job"]["id"]
        return job_id

    async def playing(self) -> Frame:
        """The preview's frame, as soon as its game says that it runs.

        The page loads a game when its job is completed and once more when it is told of the
        update: what runs in between is about to go.
        """
        socket = self.tab.sockets[-1]
        await self.tab.when(lambda: socket.last("completed", "gameUpdated") != "completed")
        await expect(self.page.locator("#game-status")).to_have_text("実行中")
        handle = await self.page.locator("#game").element_handle()
        assert handle is not None
        frame = await handle.content_frame()
        assert frame is not None
        return frame

    async def _in_editor(self) -> None:
        await expect(self.title).not_to_be_empty()
        # It clears the conversation, and so what is said earlier.
        socket = self.tab.sockets[-1]
        await self.tab.when(lambda: socket.last("projectSelected") is not None)


async def parameters_of(frame: Frame | Page) -> GameParameters:
    """What a game of the offline agent was made from."""
    parameters = game_page.read(await frame.content())
    assert parameters is not None
    return parameters


async def picture_of(frame: Frame) -> str:
    """The canvas as a data URL; from now on the game's time stands still."""
    await frame.evaluate("game.advance(0)")
    picture: str = await frame.evaluate(_CANVAS)
    return picture


@asynccontextmanager
async def arriving(
    browser: Browser, url: str, user_id: str, token: str, *, forgiving: bool = False, **options: Any
) -> AsyncGenerator[Player, None]:
    """A tab of its own for somebody whose session holds `token`; see `tab.opened`."""
    session = {"access_token": token, "user": {"id": user_id}}
    # Younger than the five minutes for which the frontend trusts it, however long the test.
    async with opened(browser, url, forgiving=forgiving, **(DESKTOP | options)) as tab:
        await tab.page.context.add_init_script(
            f"""if (origin !== "null") localStorage.setItem({json.dumps(SESSION)}, JSON.stringify(
            {{ session: {json.dumps(session)}, timestamp: Date.now() }}))"""
        )
        yield Player(tab)
