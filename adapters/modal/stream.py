"""Reading one SSE response: every event with its number, every sign of life noticed.

The grammar is httpx-sse's. It does not tell comments, which are our heartbeats, and does not limit
the size of an event; the bytes are therefore watched on their way into its parser.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

import httpx
from httpx_sse import EventSource

from adapters.modal.channel import Limits
from adapters.modal.mapping import Mapper
from adapters.modal.patience import Patience
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import Positioned

_EVENT_STREAM: Final = "text/event-stream"
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_COMMENT: Final = re.compile(rb"[\r\n]:")


@dataclass(slots=True)
class RunView:
    """What the client knows of a run, across all responses that tell about it.

    `position` is the number of the last event. `numbered`: the endpoint numbers its events, so
    that they can be read on from there; `unnumbered`: it has sent some without. `beating`: it sends
    heartbeats. `failures` counts attempts since the last sign of life.
    """

    position: int = 0
    numbered: bool = False
    unnumbered: bool = False
    beating: bool = False
    failures: int = 0
    mapper: Mapper = field(default_factory=Mapper)

    @property
    def alive(self) -> bool:
        """Whether the endpoint is known to show signs of life."""
        return self.numbered or self.beating

    def admit(self, number: str) -> bool:
        """Whether an event is new. Raises `DreamCoreError(EXECUTION_UNAVAILABLE)` for a gap."""
        if not number:
            self.unnumbered = True
            return True
        self.numbered = True
        if _NUMBER.fullmatch(number) is None or int(number) > self.position + 1:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        if int(number) <= self.position:
            return False
        self.position += 1
        return True


async def read(
    response: httpx.Response, view: RunView, limits: Limits
) -> AsyncGenerator[Positioned, None]:
    """The new events of one response, in order, until it ends, however it ends.

    Raises `DreamCoreError(EXECUTION_UNAVAILABLE)` when what arrives is not the contract,
    TimeoutError when nothing arrives, httpx.RequestError when the connection breaks. Close it with
    `aclosing`.
    """
    if response.headers.get("content-type", "").partition(";")[0].strip() != _EVENT_STREAM:
        raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    # Not `aiter_raw`: what it adds would be added to every event twice.
    async with aclosing(_Watched(response.stream, view, limits)) as body:
        # The charset drops the byte order mark that the grammar allows at the start.
        headers = {"Content-Type": f"{_EVENT_STREAM}; charset=utf-8-sig"}
        source = EventSource(httpx.Response(httpx.codes.OK, headers=headers, stream=body))
        async with aclosing(source.aiter_sse()) as events:
            async for event in events:
                body.unparsed = 0
                # Blank lines after a numbered event come out as empty events.
                if not event.data or not view.admit(event.id):
                    continue
                for mapped in view.mapper.map(event.data):
                    yield Positioned(event.id or None, mapped)


async def chunks(body: AsyncIterable[bytes], patience: Patience) -> AsyncGenerator[bytes, None]:
    """A body in pieces, as they come. Close it with `aclosing`.

    Raises TimeoutError when the next one takes longer than `patience` allows.
    """
    async with patience:
        patience.begin()
        async for chunk in body:
            patience.end()
            yield chunk
            patience.begin()


class _Watched(httpx.AsyncByteStream):
    """The body of a response on its way to the parser."""

    def __init__(self, body: AsyncIterable[bytes], view: RunView, limits: Limits) -> None:
        self._alive = view.alive
        self._patience: Final = Patience(limits.idle if view.alive else limits.silent)
        self._chunks: Final = chunks(body, self._patience)
        self._view: Final = view
        self._limits: Final = limits
        self._last = b"\n"
        self.unparsed = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._view.alive and not self._alive:
            self._alive = True
            self._patience.limit(self._limits.idle)
        chunk = await anext(self._chunks)
        self._view.failures = 0
        if not self._view.beating:
            self._view.beating = _COMMENT.search(self._last + chunk) is not None
            self._last = chunk[-1:]
        self.unparsed += len(chunk)
        if self.unparsed > self._limits.event_bytes:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        return chunk

    async def aclose(self) -> None:
        await self._chunks.aclose()
