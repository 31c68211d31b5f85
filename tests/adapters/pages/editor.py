"""A page that embeds a game as the editor and the play page do, in real Chromium."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Frame, Page

from tests.adapters.pages.served import GAME, Served

_EDITOR = """<!DOCTYPE html>
<script>
  localStorage.setItem("dreamcore_session_cache", "the player's token");
  window.messages = [];
  addEventListener("message", (event) => messages.push(event.data));
  window.show = (url) => { document.querySelector("iframe").src = url; };
</script>
<iframe %s style="width: 300px; height: 200px"></iframe>
"""


@dataclass
class Editor:
    """An open page, and what was heard of it."""

    page: Page
    served: Served
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    async def show(self) -> Frame:
        """Load the game; its frame once it has told how it went."""
        address = f"{GAME}/index.html?t=1&access_token={self.served.token()}"
        await self.page.evaluate("(url) => { messages.length = 0; show(url); }", address)
        await self.page.wait_for_function("messages.some(({type}) => type === 'gameLoaded')")
        (frame,) = self.page.main_frame.child_frames
        return frame

    async def messages(self, kind: str) -> list[dict[str, Any]]:
        """Those of one type, in order."""
        script = "(kind) => messages.filter(({type}) => type === kind)"
        found: list[dict[str, Any]] = await self.page.evaluate(script, kind)
        return found


@asynccontextmanager
async def editing(
    browser: Browser, served: Served, attributes: str = 'sandbox="allow-scripts allow-same-origin"'
) -> AsyncIterator[Editor]:
    """An editor without a game in it yet."""
    (served.frontend / "editor.html").write_text(_EDITOR % attributes)
    context = await browser.new_context()
    editor = Editor(await context.new_page(), served)

    def requested(url: str) -> None:
        if not url.startswith((served.address, "data:", "blob:")):
            editor.foreign.append(url)

    editor.page.on("request", lambda request: requested(request.url))
    editor.page.on("requestfailed", lambda request: editor.failed.append(request.url))
    await editor.page.goto(f"{served.address}/project/x")
    yield editor
    await context.close()
