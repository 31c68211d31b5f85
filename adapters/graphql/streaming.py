"""Delivering an operation over an HTTP response that stays open."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.types import Receive, Send

from adapters.graphql.drain import Drain
from adapters.graphql.framing import Framing
from adapters.graphql.lifetime import Lifetime


class StreamedResponse:
    """One response: results as they come, heartbeats between them.

    It ends when the source does, when the client leaves, and when the server drains. In the last
    case the closing frame is left out: the client has not seen the end and comes back with the
    id of the last event it saw.
    """

    def __init__(
        self,
        framing: Framing,
        *,
        receive: Receive,
        send: Send,
        drain: Drain,
        heartbeat_interval: float,
    ) -> None:
        self._framing = framing
        self._receive = receive
        self._send = send
        self._drain = drain
        self._heartbeat_interval = heartbeat_interval
        self._lifetime = Lifetime()

    async def deliver(self, results: AsyncGenerator[tuple[bytes, str | None], None]) -> None:
        """Send encoded results with their cursors until the end. Closes `results`."""
        async with aclosing(results):
            await self._start()
            async with asyncio.TaskGroup() as watchers:
                tasks = [
                    watchers.create_task(self._until_disconnected()),
                    watchers.create_task(self._beat_until_drained()),
                ]
                async with self._lifetime:
                    async for payload, cursor in results:
                        await self._chunk(self._framing.result(payload, cursor))
                    await self._chunk(self._framing.completion())
                for task in tasks:
                    task.cancel()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self) -> None:
        headers = [(key.encode(), value.encode()) for key, value in self._framing.headers.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._chunk(self._framing.opening())

    async def _chunk(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _until_disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._lifetime.end()

    async def _beat_until_drained(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_interval):
                    await self._drain.wait()
            except TimeoutError:
                await self._chunk(self._framing.heartbeat)
            else:
                self._lifetime.end()
                return
