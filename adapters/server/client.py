"""A small client of the gateway's own GraphQL surface, for the command line."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import anyio
import httpx
from httpx_sse import EventSource, SSEError

# Together half a minute: a gateway may be restarted meanwhile.
PAUSES_SECONDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 8.0)
# Three heartbeats of the server.
SILENCE_SECONDS: Final = 45.0
ANSWER_SECONDS: Final = 5.0


class GatewayRefused(Exception):
    """The gateway answered with an error; the text is what it told its users."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code: Final = code


class GatewayUnreachable(Exception):
    """Nobody answers at the address, or the stream broke and stayed broken."""


@dataclass(frozen=True, slots=True)
class GatewayClient:
    """Speaks to one gateway as one user. `http` has the base URL."""

    http: httpx.AsyncClient
    token: str

    async def execute(
        self, document: str, variables: Mapping[str, Any], *, patience: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """One query or mutation, whose answer may take `patience` seconds.

        Raises `GatewayRefused`, `GatewayUnreachable`.
        """
        try:
            response = await self.http.post(
                "/graphql",
                json={"query": document, "variables": variables},
                headers=self._headers("application/json"),
                timeout=httpx.Timeout(10.0, read=patience),
            )
        except httpx.TransportError as error:
            raise _unreachable(error) from error
        return _data(_decoded(response.text))

    async def follow(
        self, document: str, variables: Mapping[str, Any]
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The payloads of a subscription, resumed by `Last-Event-ID` when the stream is cut.

        Raises `GatewayRefused`, and `GatewayUnreachable` when nobody answers at first, or after
        several attempts without news.
        """
        last_event_id: str | None = None
        attempts = 0
        while True:
            try:
                events = self._events(document, variables, last_event_id)
                async with aclosing(events):
                    async for kind, identifier, payload in events:
                        if kind == "complete":
                            return
                        last_event_id, attempts = identifier or last_event_id, 0
                        yield _data(payload)
            except httpx.TransportError as error:
                if last_event_id is None or attempts == len(PAUSES_SECONDS):
                    raise _unreachable(error) from error
            if attempts == len(PAUSES_SECONDS):
                raise GatewayUnreachable("the event stream keeps ending early")
            await anyio.sleep(PAUSES_SECONDS[attempts])
            attempts += 1

    async def _events(
        self, document: str, variables: Mapping[str, Any], last_event_id: str | None
    ) -> AsyncGenerator[tuple[str, str, dict[str, Any]], None]:
        headers = self._headers("text/event-stream")
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        async with self.http.stream(
            "POST",
            "/graphql",
            json={"query": document, "variables": variables},
            headers=headers,
            timeout=httpx.Timeout(10.0, read=SILENCE_SECONDS),
        ) as response:
            if response.status_code != httpx.codes.OK:
                _data(_decoded((await response.aread()).decode(errors="replace")))
            try:
                async with aclosing(EventSource(response).aiter_sse()) as stream:
                    async for event in stream:
                        yield event.event, event.id, _decoded(event.data) if event.data else {}
            except SSEError as error:
                raise GatewayRefused("the answer is not an event stream") from error

    def _headers(self, accept: str) -> dict[str, str]:
        return {"Accept": accept, "Authorization": f"Bearer {self.token}"}


def _unreachable(error: httpx.TransportError) -> GatewayUnreachable:
    return GatewayUnreachable(str(error) or type(error).__name__)  # timeouts have no text


def _decoded(text: str) -> dict[str, Any]:
    try:
        decoded = json.loads(text)
    except ValueError:
        decoded = None
    if not isinstance(decoded, dict):
        raise GatewayRefused("the answer is not GraphQL")
    return decoded


def _refusal(errors: object) -> GatewayRefused:
    match errors:
        case [{"message": str(message), "extensions": {"code": str(code)}}, *_]:
            return GatewayRefused(message, code)
        case [{"message": str(message)}, *_]:
            return GatewayRefused(message)
        case _:
            return GatewayRefused("the answer is not GraphQL")


def _data(payload: Mapping[str, Any]) -> dict[str, Any]:
    errors = payload.get("errors")
    if errors:
        raise _refusal(errors)
    data = payload.get("data")
    if not isinstance(data, dict):
        raise GatewayRefused("the answer has no data")
    return data
