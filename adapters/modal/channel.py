"""One HTTP request to the execution application: secret, redirects, statuses. No retries."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import anyio
import httpx
import msgspec

from adapters.modal.addresses import address
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import (
    HEARTBEAT_SECONDS,
    LEGACY_SECRET_HEADER,
    MAX_EVENT_BYTES,
    SANDBOX_SECONDS,
    SECRET_HEADER,
)

logger = logging.getLogger(__name__)

# Codes that a refusal may name, and what statuses say by themselves. Everything else means that
# execution is not there for us.
_CODES: Final = frozenset(
    {
        ErrorCode.IDEMPOTENCY_CONFLICT,
        ErrorCode.INVALID_MESSAGE,
        ErrorCode.PROJECT_BUSY,
        ErrorCode.PROVIDER_FAILED,
    }
)
_STATUSES: Final[dict[int, ErrorCode]] = {
    httpx.codes.BAD_REQUEST: ErrorCode.INTERNAL,
    httpx.codes.CONFLICT: ErrorCode.PROJECT_BUSY,
    httpx.codes.REQUEST_ENTITY_TOO_LARGE: ErrorCode.PROMPT_TOO_LONG,
    httpx.codes.UNPROCESSABLE_ENTITY: ErrorCode.INTERNAL,
}
_BODY_BYTES: Final = 4096
_BODY_SECONDS: Final = 5.0
_PASSING: Final = (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the client is. Times in seconds.

    `answer`: until the response begins (an answer later than 150 s is a redirect on Modal).
    `idle`: between two signs of life of a stream with heartbeats; `silent`: of an endpoint that has
    shown none. `attempts`: in a row without any sign of life; the pause before each doubles from
    `backoff` to `longest_backoff`. `cancel`: until a cancel is confirmed.
    """

    connect: float = 10.0
    answer: float = 160.0
    idle: float = 3 * HEARTBEAT_SECONDS
    silent: float = SANDBOX_SECONDS
    attempts: int = 8
    backoff: float = 0.1
    longest_backoff: float = 5.0
    cancel: float = 15.0
    cancel_attempts: int = 3
    hops: int = 20
    event_bytes: int = MAX_EVENT_BYTES


class _Refusal(msgspec.Struct, frozen=True):
    code: str | None = None


class Unanswered(Exception):
    """The server answered that it cannot answer now; the same request may succeed later."""


# What may pass by itself: the connection broke, stayed silent, or the server was overloaded.
TRANSIENT: Final = (httpx.RequestError, TimeoutError, Unanswered)


def http_client(*, loopback: bool = False) -> httpx.AsyncClient:
    """A client with a connection for every run there can be and for cancelling it.

    On `loopback` there are no proxies and no certificates, whatever the environment says.
    """
    return httpx.AsyncClient(
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        trust_env=not loopback,
        verify=not loopback,
    )


@dataclass(frozen=True, slots=True)
class Channel:
    """Requests to the routes beside one endpoint, whose present address `endpoint` tells."""

    http: httpx.AsyncClient
    endpoint: Callable[[], str]
    secret: str
    limits: Limits

    @asynccontextmanager
    async def open(
        self,
        method: str,
        route: str,
        parameters: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        missing: ErrorCode = ErrorCode.EXECUTION_UNAVAILABLE,
    ) -> AsyncIterator[httpx.Response]:
        """The response to one request, its body unread; leaving the context closes it.

        `parameters` fill `route`; `missing` is what a 404 means. Raises `DreamCoreError` for an
        answer that will not change, one of `TRANSIENT` for anything else but 200.
        """
        url = httpx.URL(address(self.endpoint(), route, **(parameters or {})))
        request = self.http.build_request(
            method,
            url.copy_merge_params(dict(query)) if query else url,
            headers={**self._credentials(), **(headers or {})},
            content=body,
            timeout=httpx.Timeout(self.limits.connect, read=None, write=self.limits.answer),
        )
        response = await self._follow(request)
        try:
            await _check(response, missing)
            yield response
        finally:
            await response.aclose()

    def _credentials(self) -> dict[str, str]:
        return {
            SECRET_HEADER: self.secret,
            LEGACY_SECRET_HEADER: self.secret,
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        }

    async def _follow(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is no redirect.

        Redirects carry the secret, so only those that stay on the host are followed: what Modal
        answers to a request that outlasts its limit does, and nobody has configured any other host.
        """
        for _ in range(self.limits.hops + 1):
            with anyio.fail_after(self.limits.answer):
                response = await self.http.send(request, stream=True, follow_redirects=False)
            if response.next_request is None:
                return response
            await response.aclose()
            if not _same_host(request.url, response.next_request.url):
                logger.error("execution redirects to another host")
                break
            request = response.next_request
        raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)


def _same_host(origin: httpx.URL, target: httpx.URL) -> bool:
    if (origin.scheme, origin.host, origin.port) == (target.scheme, target.host, target.port):
        return True
    upgraded = (origin.scheme, target.scheme) == ("http", "https")
    return upgraded and origin.host == target.host and target.port is None


async def _check(response: httpx.Response, missing: ErrorCode) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.INTERNAL_SERVER_ERROR and (code := await _named_code(response)):
        raise DreamCoreError(code)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in _PASSING:
        raise Unanswered(status)
    logger.error("execution refused a request", extra={"status": status})
    if status == httpx.codes.NOT_FOUND:
        raise DreamCoreError(missing)
    by_status = _STATUSES.get(status, ErrorCode.EXECUTION_UNAVAILABLE)
    raise DreamCoreError(await _named_code(response) or by_status)


async def _named_code(response: httpx.Response) -> ErrorCode | None:
    """The code in a refusal's JSON body; its text is not ours to repeat."""
    body = bytearray()
    with anyio.move_on_after(_BODY_SECONDS):
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _BODY_BYTES:
                return None
    try:
        code = msgspec.json.decode(bytes(body), type=_Refusal).code
    except (msgspec.DecodeError, RecursionError):
        return None
    return next((known for known in _CODES if known == code), None)
