"""What a page asks of the server over HTTP, and what it is answered."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Request, Response

from tests.browser.player import Player
from tests.browser.tab import PATIENCE_SECONDS


class Traffic:
    """The requests below `/api/` of a player's page, in their order, and the complaints about them.

    A call is a method and the end of a path, `POST /upload`. Chromium complains of every refused
    one: a test that provokes some waits for all of them.
    """

    def __init__(self, player: Player) -> None:
        self._tab: Final = player.tab
        self._asked: Final[list[Request]] = []
        self._answered: Final[list[Response]] = []
        self._heard: Final = asyncio.Event()
        player.page.on("request", self._on_request)
        player.page.on("response", self._on_response)
        # Behind the tab's own ear: by now it has noted the complaint.
        player.page.on("console", lambda _: self._heard.set())

    @property
    def calls(self) -> list[str]:
        """Each method, and the last name in its path."""
        return [f"{r.method} {_path(r).rpartition('/')[2]}" for r in self._asked]

    def asked(self, call: str = "") -> list[Request]:
        """The requests of one kind, or all of them."""
        return [request for request in self._asked if _is(request, call)]

    async def answered(self, call: str, count: int = 1) -> list[int]:
        """The statuses of one kind of call, as soon as there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found := [r.status for r in self._answered if _is(r.request, call)]) < count:
                await self._something()
        return found

    async def complained(self, *expected: str) -> None:
        """Wait for as many complaints of the tab; they are the expected ones in any order."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self._tab.complaints) < len(expected):
                await self._something()
        assert sorted(self._tab.complaints) == sorted(expected), self._tab.complaints

    async def _something(self) -> None:
        self._heard.clear()
        await self._heard.wait()

    def _on_request(self, request: Request) -> None:
        if _path(request).startswith("/api/"):
            self._asked.append(request)

    def _on_response(self, response: Response) -> None:
        if _path(response.request).startswith("/api/"):
            self._answered.append(response)
            self._heard.set()


def refused(status: int, reason: str) -> str:
    """Chromium's complaint about a request."""
    return f"Failed to load resource: the server responded with a status of {status} ({reason})"


def _is(request: Request, call: str) -> bool:
    method, _, end = call.partition(" ")
    return method in ("", request.method) and _path(request).endswith(end)


def _path(request: Request) -> str:
    return urlsplit(request.url).path
