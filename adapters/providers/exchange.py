"""One HTTP request to a provider, within limits and without a word about its secrets."""

import logging
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec

from schema.errors import DreamCoreError, ErrorCode

_CONNECT_SECONDS: Final = 10.0
# httpx leaves it to the socket, which fails in a way of its own.
_LAST_PORT: Final = 65_535
# How long an answer may take is bounded once for the whole of what a user waits for.
_TIMEOUT: Final = httpx.Timeout(None, connect=_CONNECT_SECONDS)

logger = logging.getLogger(__name__)


class ExchangeFailed(Exception):
    """There is no usable answer. The text is a status, a type of error or words of ours."""


FAILURES: Final = (ExchangeFailed, msgspec.DecodeError, TimeoutError)
"""What `failed` makes an answer of."""


async def exchange(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    limit: int,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> bytes:
    """The body of a 2xx answer, of at most `limit` bytes. The caller bounds the time.

    Redirects are not followed: `headers` go where they are sent. Raises `ExchangeFailed`.
    """
    # Uncompressed, so that the size that is counted is the size that is held.
    sent = {**(headers or {}), "Accept-Encoding": "identity"}
    body = bytearray()
    failure = None
    try:
        if (httpx.URL(url).port or 0) > _LAST_PORT:
            raise httpx.InvalidURL("the port does not exist")
        async with http.stream(
            method, url, headers=sent, content=content, timeout=_TIMEOUT, follow_redirects=False
        ) as response:
            if not response.is_success:
                failure = f"status {response.status_code}"
            else:
                async for chunk in response.aiter_raw():
                    body += chunk
                    if len(body) > limit:
                        failure = "too large"
                        break
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        failure = type(error).__name__
    if failure is not None:
        # Outside of the handler: what was caught may quote a header, so nothing may hold it.
        raise ExchangeFailed(failure)
    return bytes(body)


def failed(provider: str, detail: str, error: Exception) -> DreamCoreError:
    """What users are told of one of `FAILURES`; operators find its reason in the log."""
    reason = str(error) if isinstance(error, ExchangeFailed) else type(error).__name__
    logger.warning("provider failed", extra={"provider": provider, "reason": reason})
    return DreamCoreError(ErrorCode.PROVIDER_FAILED, detail)
