"""One request to a provider, answered within a time and a size.

Providers are other people's servers: nothing they say reaches a client or a log, and no
exception of ours holds a request, whose headers have a key.
"""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import anyio
import httpx
import msgspec

from schema.errors import DreamCoreError, ErrorCode

CONNECT_SECONDS: Final = 10.0
MAX_JSON_BYTES: Final = 256 * 2**10
_IDENTITY: Final = "identity"

logger = logging.getLogger(__name__)

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `media_type` is in lower case, without parameters."""

    status: int
    media_type: str
    data: bytes

    @property
    def succeeded(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    def read(self, shape: type[Shape], failure: str) -> Shape:
        """The body as JSON. Raises `DreamCoreError(PROVIDER_FAILED, failure)`."""
        try:
            return msgspec.json.decode(self.data, type=shape)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise failed(failure) from None


@dataclass(frozen=True, slots=True)
class Provider:
    """A server that is called `name` in logs.

    `headers` are sent with every request; `seconds` is the longest that an answer may take.
    """

    name: str
    http: httpx.AsyncClient
    headers: Mapping[str, str]
    seconds: float

    def __repr__(self) -> str:
        return f"Provider({self.name!r})"

    async def ask(
        self,
        method: str,
        url: str,
        failure: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        most: int = MAX_JSON_BYTES,
    ) -> Answer:
        """Send `body` as JSON, if there is one; an answer has at most `most` bytes.

        Raises `DreamCoreError(PROVIDER_FAILED, failure)` without a whole answer. Statuses are the
        caller's to judge.
        """
        sent = {"Accept-Encoding": _IDENTITY, **self.headers, **(headers or {})}
        content = None
        if body is not None:
            content = await anyio.to_thread.run_sync(msgspec.json.encode, body)
            sent["Content-Type"] = "application/json"
        timeout = httpx.Timeout(self.seconds, connect=CONNECT_SECONDS)
        try:
            with anyio.fail_after(self.seconds):
                async with self.http.stream(
                    method, url, content=content, headers=sent, timeout=timeout
                ) as response:
                    answer = await _whole(response, most)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnicodeError) as error:
            self._warn("unreachable", type(error).__name__)
            raise failed(failure) from None
        if answer is None:
            self._warn("oversized or encoded", None)
            raise failed(failure)
        if not answer.succeeded:
            self._warn("refused", answer.status)
        return answer

    def _warn(self, what: str, detail: str | int | None) -> None:
        told = {"provider": self.name, "reason": what, "detail": detail}
        logger.warning("provider failed", extra=told)


def failed(text: str) -> DreamCoreError:
    """PROVIDER_FAILED with a text for users."""
    return DreamCoreError(ErrorCode.PROVIDER_FAILED, text)


async def _whole(response: httpx.Response, most: int) -> Answer | None:
    """None when it is too large, or in an encoding that was not asked for."""
    if response.headers.get("content-encoding", _IDENTITY) != _IDENTITY:
        return None
    data = bytearray()
    async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_raw())) as pieces:
        async for piece in pieces:
            data += piece
            if len(data) > most:
                return None
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(response.status_code, media_type, bytes(data))
