"""A schema small enough to read in a test, with a union of events like the product's."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Annotated

import strawberry

from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer

SECRET = "the password is swordfish"


class Watched:
    """Counts generators, so that a test can wait until they are closed."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.yielded = 0
        self.some_closed = asyncio.Event()

    def open(self) -> None:
        """A generator started."""
        self.opened += 1

    def close(self) -> None:
        """A generator ran its finally."""
        self.closed += 1
        self.some_closed.set()

    async def until_closed(self, count: int) -> None:
        """Return when `count` generators have run their finally."""
        while self.closed < count:
            self.some_closed.clear()
            await self.some_closed.wait()


@dataclass
class SmallContext:
    """`info.context`."""

    viewer: Viewer | None
    watched: Watched
    last_event_id: str | None = None
    delivered_cursor: str | None = None


@strawberry.interface
class Numbered:
    seq: int
    cursor: str


@strawberry.type
class Text(Numbered):
    text: str


@strawberry.type
class Tool(Numbered):
    name: str
    note: str | None = None


@strawberry.type
class Item:
    name: str


@strawberry.type
class End(Numbered):
    reason: str
    items: list[Item] = field(default_factory=list)

    @strawberry.field
    async def later(self) -> str:
        return f"after {self.seq}"


Event = Annotated[Text | Tool | End, strawberry.union("Event")]
Info = strawberry.Info[SmallContext, None]


def event(seq: int, last: bool, size: int = 5) -> Text | Tool | End:
    """The event number `seq`."""
    if last:
        return End(seq=seq, cursor=f"c{seq}", reason="stop", items=[Item(name="a")])
    if seq % 10 == 5:
        return Tool(seq=seq, cursor=f"c{seq}", name="Write")
    return Text(seq=seq, cursor=f"c{seq}", text="x" * size)


@strawberry.type
class Query:
    @strawberry.field
    def ping(self) -> str:
        return "pong"

    @strawberry.field
    def viewer(self, info: Info) -> str:
        if info.context.viewer is None:
            raise DreamCoreError(ErrorCode.UNAUTHENTICATED)
        return info.context.viewer.user_id

    @strawberry.field
    def echo(self, text: str, count: int = 1) -> str:
        return text * count

    @strawberry.field
    def boom(self) -> str:
        raise ValueError(SECRET)

    @strawberry.field
    def busy(self) -> str | None:
        raise DreamCoreError(ErrorCode.PROJECT_BUSY)

    @strawberry.field
    def half(self) -> str:
        return "\ud83d"

    @strawberry.field
    def me(self) -> "Query":
        return Query()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def events(
        self, info: Info, count: int = 3, size: int = 5, after: str | None = None
    ) -> AsyncGenerator[Event, None]:
        start = int((info.context.last_event_id or after or "c0")[1:])
        for seq in range(start + 1, count + 1):
            produced = event(seq, seq == count, size)
            info.context.delivered_cursor = produced.cursor
            yield produced

    @strawberry.subscription
    async def held(self, info: Info) -> AsyncGenerator[Event, None]:
        """One event, then silence."""
        watched = info.context.watched
        watched.open()
        try:
            info.context.delivered_cursor = "c1"
            yield event(1, False)
            await asyncio.Event().wait()
        finally:
            watched.close()

    @strawberry.subscription
    async def flood(self, info: Info, size: int = 10_000) -> AsyncGenerator[Event, None]:
        """More events than any socket buffer holds."""
        watched = info.context.watched
        watched.open()
        try:
            for seq in range(1, 100_000):
                watched.yielded = seq
                yield event(seq, False, size)
        finally:
            watched.close()

    @strawberry.subscription
    async def broken(self, after: int = 1) -> AsyncGenerator[int, None]:
        for number in range(after):
            yield number
        raise ValueError(SECRET)

    @strawberry.subscription
    async def missing(self) -> AsyncGenerator[int, None]:
        raise DreamCoreError(ErrorCode.GENERATION_NOT_FOUND)
        yield 0
