"""Where a verifier finds the public key that a token names: a remote JWKS, or our own issuer."""

import asyncio
import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol, Self

import httpx
import msgspec
from jwt import PyJWK

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.key_set import usable_keys

_MAX_BYTES: Final = 64 * 1024
# Past this a provider that cannot be reached no longer vouches for a key it may have withdrawn.
_MAX_STALE_SECONDS: Final = 24 * 3600.0
_UNREADABLE: Final = (ValueError, RecursionError)

logger = logging.getLogger(__name__)


class Keys(Protocol):
    """The public keys of one issuer."""

    async def key(self, kid: str) -> PyJWK | None:
        """The key named `kid`, or None when the issuer is not known to use it."""
        ...


class LocalKeys:
    """The key of the embedded issuer, without a network."""

    def __init__(self, issuer: EmbeddedIssuer) -> None:
        self._keys: Final = usable_keys(issuer.jwks())

    async def key(self, kid: str) -> PyJWK | None:
        """See `Keys.key`."""
        return self._keys.get(kid)


class RemoteKeys:
    """A cache of the JWKS at `url`, read lazily through `http`; enter it before use.

    A known key is answered at once: when the set is older than `lifespan` it is fetched again in
    the background, and while that fails the old set serves, for a day at most. An unknown key
    waits for one fetch that all such callers share. No fetch starts within `min_interval` of the
    end of the last one, whatever its outcome, so made-up key names cannot drive requests; a
    rotated key is seen after that long. All times are seconds of `clock`, which must not run
    backwards; `timeout` bounds a whole fetch.
    """

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
        *,
        lifespan: float = 300.0,
        min_interval: float = 2.0,
        timeout: float = 5.0,
    ) -> None:
        self._url: Final = url
        self._http: Final = http
        self._clock: Final = clock
        self._lifespan: Final = lifespan
        self._min_interval: Final = min_interval
        self._timeout: Final = timeout
        self._tasks: Final = asyncio.TaskGroup()
        self._fetch: asyncio.Task[None] | None = None
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = float("-inf")
        self._next_fetch_at = float("-inf")

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._fetch is not None:
            self._fetch.cancel()
        # What went wrong inside the block is not the tasks' affair, and passes by unwrapped.
        await self._tasks.__aexit__(None, None, None)

    async def key(self, kid: str) -> PyJWK | None:
        """See `Keys.key`. Raises nothing when the set cannot be had: the key is then unknown."""
        age = self._clock() - self._fetched_at
        if age > _MAX_STALE_SECONDS:
            self._keys = {}
        found = self._keys.get(kid)
        if found is None or age > self._lifespan:
            fetch = self._start_fetch()
            if found is None and fetch is not None:
                # Neither a caller that gives up nor the end of this cache harms the other side.
                await asyncio.wait([fetch])
                found = self._keys.get(kid)
        return found

    def _start_fetch(self) -> asyncio.Task[None] | None:
        """The fetch that runs, or a fresh one; None when it is too early for another."""
        if self._fetch is None and self._clock() >= self._next_fetch_at:
            self._fetch = self._tasks.create_task(self._refresh(), name="jwks")
        return self._fetch

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                self._keys = usable_keys(await self._download())
            self._fetched_at = self._clock()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, *_UNREADABLE) as error:
            logger.warning("jwks fetch failed", extra={"reason": type(error).__name__})
        finally:
            self._next_fetch_at = self._clock() + self._min_interval
            self._fetch = None

    async def _download(self) -> object:
        # Uncompressed, so that the size that is counted is the size that is held.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        body = bytearray()
        async with self._http.stream("GET", self._url, headers=headers) as response:
            response.raise_for_status()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise ValueError("the key set is too large")
        return msgspec.json.decode(body)
