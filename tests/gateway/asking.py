"""One GraphQL operation over each transport: all its results, or the last."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
from httpx_sse import EventSource
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

SUBPROTOCOLS: Final = [Subprotocol("graphql-transport-ws")]

Result = dict[str, Any]
AskAll = Callable[[str, str, str, dict[str, Any]], Awaitable[list[Result]]]
Ask = Callable[[str, str, str, dict[str, Any]], Awaitable[Result]]


async def ask_over_http(url: str, token: str, document: str, variables: dict[str, Any]) -> Result:
    """`application/graphql-response+json`."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/graphql-response+json",
    }
    async with httpx.AsyncClient(timeout=30) as http:
        body = {"query": document, "variables": variables}
        response = await http.post(f"{url}/graphql", json=body, headers=headers)
    assert response.headers["content-type"].startswith("application/graphql-response+json")
    result: Result = response.json()
    assert response.status_code == (200 if "data" in result else 400)
    return result


async def all_over_sse(
    url: str,
    token: str,
    document: str,
    variables: dict[str, Any],
    last_event_id: str | None = None,
) -> list[Result]:
    """GraphQL over Server-Sent Events; the stream completes even after an error."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    body = {"query": document, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=30) as http,
        http.stream("POST", f"{url}/graphql", json=body, headers=headers) as response,
    ):
        assert response.status_code == 200
        events = [event async for event in EventSource(response).aiter_sse()]
    assert [event.event for event in events] == ["next"] * (len(events) - 1) + ["complete"]
    return [json.loads(event.data) for event in events[:-1]]


async def all_over_websocket(
    url: str, token: str, document: str, variables: dict[str, Any]
) -> list[Result]:
    """graphql-transport-ws; an `error` message is given the form of a result."""
    async with connect(f"{url.replace('http', 'ws', 1)}/graphql", subprotocols=SUBPROTOCOLS) as ws:
        await ws.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
        assert json.loads(await ws.recv()) == {"type": "connection_ack"}
        payload = {"query": document, "variables": variables}
        await ws.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        results: list[Result] = []
        async for frame in ws:
            message = json.loads(frame)
            match message["type"]:
                case "next":
                    results.append(message["payload"])
                case "error":
                    results.append({"errors": message["payload"]})
                    break
                case "complete":
                    break
        return results


def _last(ask_all: AskAll) -> Ask:
    async def ask(url: str, token: str, document: str, variables: dict[str, Any]) -> Result:
        return (await ask_all(url, token, document, variables))[-1]

    return ask


STREAMED: Final[dict[str, AskAll]] = {
    "graphql-sse": all_over_sse,
    "graphql-transport-ws": all_over_websocket,
}
STREAMING: Final = {name: _last(ask_all) for name, ask_all in STREAMED.items()}
SINGLE: Final[dict[str, Ask]] = {"http": ask_over_http, **STREAMING}


def code_of(result: Result) -> str:
    """The code of the one error in a result."""
    (error,) = result["errors"]
    code: str = error["extensions"]["code"]
    return code
