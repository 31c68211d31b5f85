"""A provider on a real socket: it says what a test tells it, and remembers what it was asked."""

import asyncio
import logging
import traceback
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import msgspec
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from adapters.graphql.drain import Drain
from adapters.server.server import Server, configure, listen

KEY: Final = "key-that-nobody-may-see"
_PIECES: Final = 100
MP4: Final = b"\0\0\0\x18ftypmp42" + bytes(100)


@dataclass(frozen=True)
class Said:
    """One answer."""

    body: bytes = b""
    status: int = 200
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


@dataclass
class Stub:
    """`answers` are taken in turn, the last one again and again.

    None stands for silence: the request is `held` until its client goes away, which sets `left`.
    """

    url: str
    answers: list[Said | None]
    asked: list[Asked] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    to_hold: int = 0

    def hold_next(self, answer: Said, count: int = 1) -> asyncio.Event:
        """Answer so from now on, the next `count` requests only when the event is set.

        `held` is set when all of them are there.
        """
        self.answers, self.to_hold = [answer], count
        return self.release

    async def answer(self, request: Request) -> Response:
        """What comes next."""
        body = await request.body()
        asked = Asked(request.method, str(request.url.path), dict(request.headers), body)
        self.asked.append(asked)
        if self.to_hold:
            self.to_hold -= 1
            if not self.to_hold:
                self.held.set()
            await self.release.wait()
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if said is None:
            self.held.set()
            await request.receive()
            self.left.set()
            return Response()
        return Response(said.body, said.status, said.headers, said.media_type)


@asynccontextmanager
async def provider(*answers: Said | None) -> AsyncGenerator[Stub, None]:
    """The server for the block; without answers, a test sets them before it asks."""
    stub = Stub("", list(answers))
    methods = ["GET", "POST"]
    app = Starlette(
        routes=[
            Route("/unannounced", _unannounced, methods=methods),
            Route("/{path:path}", stub.answer, methods=methods),
        ]
    )
    server = Server(configure(app), Drain())
    with listen("127.0.0.1", 0) as listener:
        stub.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            await server.ready.wait()
            try:
                yield stub
            finally:
                server.stop()


async def _unannounced(_: Request) -> Response:
    async def pieces() -> AsyncGenerator[bytes, None]:
        for _ in range(_PIECES):
            yield bytes(2**20)

    return StreamingResponse(pieces())


def reveals(error: BaseException | None, records: Iterable[logging.LogRecord]) -> bool:
    """Whether `KEY` is in a log record, or in an error or what led to it, traceback and all."""
    formatter = logging.Formatter()
    told = [formatter.format(record) + str(vars(record)) for record in records]
    if error is not None:
        told += traceback.format_exception(error)
    while error is not None:
        told.append(f"{error!r} {vars(error)}")
        error = error.__cause__ or error.__context__
    return any(KEY in text for text in told)


def said(value: object, status: int = 200) -> Said:
    """JSON."""
    return Said(msgspec.json.encode(value), status)


def picture(
    colour: tuple[int, ...] = (0, 0, 255),
    size: tuple[int, int] = (8, 8),
    kind: str = "PNG",
    square: tuple[int, int, int, int] | None = None,
) -> bytes:
    """One colour, with a blue square on it if told so."""
    image = Image.new("RGB" if len(colour) == 3 else "RGBA", size, colour)
    if square is not None:
        image.paste((0, 0, 255), square)
    output = BytesIO()
    image.save(output, kind)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture to look at."""
    return Image.open(BytesIO(data))
