"""Strawberry as it comes, to compare with: `python -m benchmarks.plain PORT [UPSTREAM]`.

The same event types, document and server settings as the gateway; no log, no limits, no
identity. `generation(id)` yields what a generator makes in memory at the pace that is the id; with
UPSTREAM, what an execution endpoint streams, read by httpx-sse.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import httpx
import msgspec
import strawberry
import uvicorn
import uvloop
from httpx_sse import EventSource
from strawberry.asgi import GraphQL

from adapters.server.server import configure
from benchmarks.upstream import Pace, text
from schema.events import Completed, Event, Mode, Output, Progress, Recorded
from schema.graphql.events import GenerationEvent
from schema.graphql.root import Query
from schema.graphql.scalars import SCALARS, Cursor
from schema.graphql.views import view
from schema.identifiers import random_uuid

UPSTREAM = sys.argv[2] if len(sys.argv) > 2 else None


async def in_memory(pace: Pace) -> AsyncGenerator[Event, None]:
    """What the upstream would send, made here."""
    yield Progress(10, "working")
    loop = asyncio.get_running_loop()
    begin = loop.time() + pace.delay
    for index in range(int(pace.rate * pace.seconds)):
        await asyncio.sleep(begin + index / pace.rate - loop.time())
        yield Output(text(), 1)
    yield Completed(Mode.CHAT, "finished")


async def relayed(pace: Pace, upstream: str) -> AsyncGenerator[Event, None]:
    """What the upstream sends."""
    body = {"message": msgspec.json.encode(pace).decode()}
    async with (
        httpx.AsyncClient(timeout=None) as http,
        http.stream("POST", upstream, json=body) as response,
    ):
        async for received in EventSource(response).aiter_sse():
            event = json.loads(received.data)
            match event["type"]:
                case "status":
                    yield Progress(event["progress"], event["message"])
                case "stream":
                    yield Output(event["content"], event["block"])
                case "done":
                    yield Completed(Mode.CHAT, event["result"])


@strawberry.type
class Subscription:
    """The field that the benchmark watches."""

    @strawberry.subscription
    async def generation(
        self, id: strawberry.ID, after: Cursor | None = None, snapshot: bool = False
    ) -> AsyncGenerator[GenerationEvent, None]:
        pace = msgspec.json.decode(id, type=Pace)
        source = in_memory(pace) if UPSTREAM is None else relayed(pace, UPSTREAM)
        run_id, seq = random_uuid(), 0
        async with aclosing(source) as events:
            async for event in events:
                seq += 1
                yield view(Recorded(run_id, seq, datetime.now(UTC), event, seq))


async def _main() -> None:
    schema = strawberry.Schema(Query, subscription=Subscription, config=SCALARS)
    app = GraphQL[None, None](schema)
    config = configure(app, lifespan="off", host="127.0.0.1", port=int(sys.argv[1]))
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(_main())
