"""Clients that watch a generation, one a transport, with one interface."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx
from httpx_sse import EventSource
from websockets.asyncio.client import connect

WATCH: Final = """
subscription Watch($id: ID!, $after: Cursor, $snapshot: Boolean! = false) {
  generation(id: $id, after: $after, snapshot: $snapshot) {
    __typename
    ... on StreamEvent { generationId seq cursor at }
    ... on GenerationAccepted { joinedExisting }
    ... on GenerationProgress { percent message }
    ... on GenerationOutput { text fromSeq }
    ... on GenerationOutputRetracted { fromSeq }
    ... on GenerationToolUse { tool path }
    ... on GenerationCodeProposed {
      mode summary suggestions files { path content } edits { path oldString newString }
    }
    ... on GenerationReply { reply: message suggestions }
    ... on GenerationRestoreProposed { question: message confirmLabel cancelLabel }
    ... on GenerationImagesReady { images { name url } }
    ... on GenerationProjectRenamed { name }
    ... on GenerationCompleted { mode closing: message version { hash } }
    ... on GenerationFailed { code error: message retryable }
    ... on GenerationRefused { code error: message }
    ... on Snapshot { text reached: percent paths: files }
    ... on StreamGap { missingFrom missingTo reason resumeAt }
  }
}
"""

Payload = dict[str, Any]


class Watcher(Protocol):
    """Watches one generation; closing the generator disconnects."""

    def watch(
        self, generation_id: str, after: str | None = None, *, snapshot: bool = False
    ) -> AsyncGenerator[Payload, None]:
        """The events as the client received them; ends when the server completes the stream."""
        ...


class SseWatcher:
    """GraphQL over Server-Sent Events. Resumes by `Last-Event-ID`, as a browser would."""

    def __init__(self, url: str, token: str, receive_buffer: int | None = None) -> None:
        self._url = url
        self._token = token
        self._options = _socket_options(receive_buffer)

    async def watch(
        self, generation_id: str, after: str | None = None, *, snapshot: bool = False
    ) -> AsyncGenerator[Payload, None]:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "text/event-stream"}
        if after is not None:
            headers["Last-Event-ID"] = after
        body = {"query": WATCH, "variables": {"id": generation_id, "snapshot": snapshot}}
        async with (
            httpx.AsyncClient(
                timeout=30, transport=httpx.AsyncHTTPTransport(socket_options=self._options)
            ) as http,
            http.stream("POST", f"{self._url}/graphql", json=body, headers=headers) as response,
        ):
            assert response.status_code == 200, await response.aread()
            async with aclosing(EventSource(response).aiter_sse()) as events:
                async for event in events:
                    if event.event == "complete":
                        return
                    payload = _payload(json.loads(event.data))
                    assert event.id == payload["cursor"]
                    yield payload


class WebSocketWatcher:
    """graphql-transport-ws. Resumes by the `after` argument."""

    def __init__(self, url: str, token: str, receive_buffer: int | None = None) -> None:
        self._url = url.replace("http", "ws", 1)
        self._token = token
        self._options = _socket_options(receive_buffer)

    async def watch(
        self, generation_id: str, after: str | None = None, *, snapshot: bool = False
    ) -> AsyncGenerator[Payload, None]:
        variables = {"id": generation_id, "after": after, "snapshot": snapshot}
        async with connect(
            f"{self._url}/graphql",
            sock=await self._connected(),
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item] # a NewType of str
        ) as socket:
            init = {"type": "connection_init", "payload": {"token": self._token}}
            await socket.send(json.dumps(init))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            subscribe = {"query": WATCH, "variables": variables}
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": subscribe}))
            async for frame in socket:
                message = json.loads(frame)
                if message["type"] == "complete":
                    return
                assert message["type"] in ("next", "ping"), message
                if message["type"] == "next":
                    yield _payload(message["payload"])

    async def _connected(self) -> socket.socket:
        address = urlsplit(self._url)
        connection = socket.socket()
        for option in self._options:
            connection.setsockopt(*option)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (address.hostname, address.port))
        return connection


def _socket_options(receive_buffer: int | None) -> list[tuple[int, int, int]]:
    """A small buffer (bytes) makes the server feel soon that this client does not read."""
    if receive_buffer is None:
        return []
    return [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)]


def _payload(result: dict[str, Any]) -> Payload:
    assert "errors" not in result, result
    payload: Payload = result["data"]["generation"]
    return payload


WATCHERS: Final[dict[str, type[SseWatcher] | type[WebSocketWatcher]]] = {
    "graphql-sse": SseWatcher,
    "graphql-transport-ws": WebSocketWatcher,
}
