"""A scripted execution application on a real socket."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route


class Step(Enum):
    """What a response does besides sending bytes."""

    HOLD = auto()
    """Say nothing more until the client goes."""
    BREAK = auto()
    """Break the connection in the middle of the response."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; `body` is sent piece by piece."""

    body: Sequence[bytes | Step] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class FakeExecution:
    """Answers any request with the next of `answers`, then with the last one for ever."""

    answers: list[Answer]
    seen: list[Seen] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has gone from a response that was not complete."""
    port: int = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/generate"

    @property
    def routes(self) -> list[tuple[str, str]]:
        return [(seen.method, seen.path) for seen in self.seen]

    def last_event_ids(self) -> list[str | None]:
        return [seen.headers.get("last-event-id") for seen in self.seen]

    async def answer(self, request: Request) -> Response:
        self.seen.append(
            Seen(
                request.method,
                request.url.path,
                request.url.query,
                dict(request.headers),
                await request.body(),
            )
        )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        headers = {"content-type": "text/event-stream", **answer.headers}
        return StreamingResponse(self._pieces(answer), answer.status, headers)

    async def _pieces(self, answer: Answer) -> AsyncIterator[bytes]:
        try:
            for piece in answer.body:
                if piece is Step.HOLD:
                    await asyncio.Event().wait()
                elif piece is Step.BREAK:
                    raise ConnectionResetError
                elif isinstance(piece, bytes):
                    yield piece
        except asyncio.CancelledError:
            self.left.set()
            raise


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self.listening.set()

    async def main_loop(self) -> None:
        await self.leaving.wait()


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncGenerator[FakeExecution, None]:
    """A `FakeExecution` that listens on loopback."""
    fake = FakeExecution(list(answers))
    methods = ["GET", "POST", "PUT"]
    app = Starlette(routes=[Route("/{path:path}", fake.answer, methods=methods)])
    server = _Server(
        uvicorn.Config(
            app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await server.listening.wait()
        fake.port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield fake
        finally:
            server.leaving.set()


def event(number: int, payload: str) -> bytes:
    """A numbered frame."""
    return f"id: {number}\ndata: {payload}\n\n".encode()


def text(number: int) -> bytes:
    """The frame numbered `number`, with `number` as its text."""
    return event(number, f'{{"type":"stream","content":"{number}","block":1}}')


def done(number: int) -> bytes:
    return event(number, '{"type":"done"}')


HEARTBEAT = b": heartbeat\n\n"
