"""A tab of headless Chromium that reaches one server only, and what was heard of it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Browser, ConsoleMessage, Page, Route, WebSocket

Frame = dict[str, Any]

PATIENCE_SECONDS: Final = 60
DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
# What Chromium says of the frontend's own frame; the server's policy closes that way out.
_OF_THE_FRAME: Final = (
    "An iframe which has both allow-scripts and allow-same-origin for its sandbox attribute "
    "can escape its sandboxing."
)


@dataclass
class Socket:
    """The frames of one WebSocket."""

    sent: list[Frame] = field(default_factory=list)
    received: list[Frame] = field(default_factory=list)

    def last(self, *kinds: str) -> str | None:
        """Which of these types was received last."""
        received = [frame["type"] for frame in self.received if frame["type"] in kinds]
        return received[-1] if received else None


@dataclass
class Tab:
    """Complaints are errors and warnings of any frame's console, and uncaught exceptions."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    sockets: list[Socket] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def sent(self, kind: str) -> list[Frame]:
        """Frames of one type, over all sockets."""
        return [frame for socket in self.sockets for frame in socket.sent if frame["type"] == kind]

    def received(self, kind: str) -> list[Frame]:
        """Frames of one type, over all sockets."""
        frames = [frame for socket in self.sockets for frame in socket.received]
        return [frame for frame in frames if frame["type"] == kind]

    async def until(self, kind: str, count: int = 1) -> None:
        """Wait for so many frames of one type to be received."""
        await self.when(lambda: len(self.received(kind)) >= count)

    async def when(self, happened: Callable[[], bool]) -> None:
        """Wait for what the frames that are received bring about."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not happened():
                self._arrived.clear()
                await self._arrived.wait()

    async def listen(self) -> None:
        """Begin to hear everything, and to keep it from all other hosts."""
        await self.page.context.route("**/*", self._only_ours)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("websocket", self._opened)

    async def _only_ours(self, route: Route) -> None:
        if route.request.url.startswith((f"{self.url}/", "data:")):
            await route.continue_()
        else:
            self.foreign_requests.append(route.request.url)
            await route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.text != _OF_THE_FRAME:
            self.complaints.append(message.text)

    def _opened(self, websocket: WebSocket) -> None:
        if not websocket.url.startswith(self.url.replace("http", "ws", 1)):
            self.foreign_requests.append(websocket.url)
        socket = Socket()
        self.sockets.append(socket)

        def received(data: str | bytes) -> None:
            socket.received.append(json.loads(data))
            self._arrived.set()

        websocket.on("framesent", lambda data: socket.sent.append(json.loads(data)))
        websocket.on("framereceived", received)


@asynccontextmanager
async def opened(
    browser: Browser, url: str, *, forgiving: bool = False, **options: Any
) -> AsyncGenerator[Tab, None]:
    """An empty tab for the server at `url`.

    Afterwards nothing may have been asked of others or, unless `forgiving`, complained about.
    """
    context = await browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_SECONDS * 1_000)
    tab = Tab(await context.new_page(), url)
    await tab.listen()
    yield tab
    await context.close()
    assert not tab.foreign_requests, tab.foreign_requests
    assert forgiving or not tab.complaints, tab.complaints
