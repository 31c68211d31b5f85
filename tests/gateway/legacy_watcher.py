"""A browser's side of the legacy protocol, and a watcher on top of it."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import anyio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]

TERMINAL: Final = ("completed", "failed", "cancelled")


class Browser:
    """One socket. Nothing here waits longer than a minute."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, frame: object) -> None:
        """Send JSON; text and bytes go as they are."""
        raw = frame if isinstance(frame, str | bytes) else json.dumps(frame, ensure_ascii=False)
        await self.connection.send(raw)

    async def receive(self) -> Frame:
        """The next frame."""
        with anyio.fail_after(60):
            frame: Frame = json.loads(await self.connection.recv())
        return frame

    async def ask(self, **frame: object) -> Frame:
        """Send a message and take the very next frame, as the legacy tests do."""
        await self.send(frame)
        return await self.receive()

    async def init(self, token: object) -> Frame:
        """Introduce oneself."""
        return await self.ask(type="init", access_token=token, sessionId="1769483504123-k3j9x0a2b")

    async def until(self, *types: str) -> list[Frame]:
        """Frames up to and with the first of one of `types`."""
        received = [await self.receive()]
        while received[-1]["type"] not in types:
            received.append(await self.receive())
        return received

    async def job(self) -> list[Frame]:
        """The frames of a job up to its end, and the `gameUpdated` that follows a success."""
        received = await self.until(*TERMINAL)
        if received[-1]["type"] == "completed":
            received.append(await self.receive())
        return received

    async def silent(self) -> bool:
        """Whether nothing has been sent: the next frame answers a `ping`."""
        return await self.ask(type="ping") == {"type": "pong"}

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server closes the socket."""
        with anyio.fail_after(60), suppress(ConnectionClosed):
            while True:
                await self.connection.recv()
        code, reason = self.connection.close_code, self.connection.close_reason
        assert code is not None
        return code, reason or ""


@asynccontextmanager
async def open_browser(url: str, token: str | None = None) -> AsyncGenerator[Browser, None]:
    """A socket to the gateway at `url`, introduced when there is a token."""
    async with connect(f"{url.replace('http', 'ws', 1)}/", max_size=None) as connection:
        browser = Browser(connection)
        if token is not None:
            introduced = await browser.init(token)
            assert introduced["type"] == "init", introduced
        yield browser


class LegacyWatcher:
    """Watches a generation as a browser does that opens its project while it runs."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    async def watch(self, generation_id: str) -> AsyncGenerator[Frame, None]:
        """`projectSelected`, then, if it has an `activeJob`, the job's frames up to the end."""
        async with open_browser(self._url, self._token) as browser:
            status = await browser.ask(type="getJobStatus", jobId=generation_id)
            selected = await browser.ask(
                type="selectProject", projectId=status["job"]["project_id"]
            )
            yield selected
            while selected["activeJob"] is not None:
                frame = await browser.receive()
                yield frame
                if frame["type"] in TERMINAL:
                    return
