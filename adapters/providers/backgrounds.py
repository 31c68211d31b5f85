"""Backgrounds removed by a model that Replicate runs.

Source: `contract/legacy-http.md` §1.6, `remove-background`, whose failure texts these are; what
the service itself says of a failure is not passed on.
"""

import asyncio
from base64 import b64encode
from typing import Final

import httpx
import msgspec
from anyio import to_thread

from adapters.providers.exchange import ExchangeFailed, exchange, failed
from adapters.providers.file_types import PNG, picture_type
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import MAX_PICTURE_BYTES

MODEL: Final = "bria/remove-background"
POLLS: Final = 60
POLL_SECONDS: Final = 1.0
# `Prefer: wait` holds the first answer for a minute at most; the polls take one more.
TIMEOUT_SECONDS: Final = 150.0

SERVICE_ERROR: Final = "Background removal service error"
TIMED_OUT: Final = "Background removal timed out"
FAILED: Final = "Background removal failed"
CANCELED: Final = "Background removal was canceled"
NO_OUTPUT: Final = "No output from background removal"
NO_RESULT: Final = "Failed to fetch result image"
TOO_LARGE: Final = "The picture is too large for background removal"

_ENDED_BADLY: Final = {"failed": FAILED, "canceled": CANCELED, "aborted": CANCELED}
# It repeats the picture that it was asked about, as a data URI.
_MAX_PREDICTION_BYTES: Final = MAX_PICTURE_BYTES * 4 // 3 + 2**20


class _Urls(msgspec.Struct, frozen=True):
    get: str = ""


class _Prediction(msgspec.Struct, frozen=True):
    status: str
    output: str | list[str] | None = None
    urls: _Urls = _Urls()


class ReplicateBackgrounds:
    """Implements `schema.providers.BackgroundRemoval`.

    `base` is the service's URL without a path. A prediction that is not made at once is asked for
    `POLLS` times, `poll_seconds` apart; `timeout` bounds the whole, in seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base: str,
        token: str,
        *,
        model: str = MODEL,
        timeout: float = TIMEOUT_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._http: Final = http
        self._base: Final = base
        self._url: Final = f"{base}/v1/models/{model}/predictions"
        self._authorization: Final = {"Authorization": f"Bearer {token}"}
        self._timeout: Final = timeout
        self._poll_seconds: Final = poll_seconds

    async def remove(self, image: bytes, media_type: str) -> bytes:
        """See `BackgroundRemoval.remove`."""
        if len(image) > MAX_PICTURE_BYTES:
            raise DreamCoreError(ErrorCode.PROVIDER_FAILED, TOO_LARGE)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._fetched(await self._made(image, media_type))
        except TimeoutError as error:
            raise failed("replicate", TIMED_OUT, error) from error

    async def _made(self, image: bytes, media_type: str) -> str:
        """The URL of the result."""
        body = await to_thread.run_sync(_body, image, media_type)
        prediction = await self._asked("POST", self._url, body)
        for _ in range(POLLS):
            if prediction.status == "succeeded":
                return _output(prediction)
            if prediction.status in _ENDED_BADLY:
                detail = _ENDED_BADLY[prediction.status]
                raise failed("replicate", detail, ExchangeFailed(prediction.status))
            await asyncio.sleep(self._poll_seconds)
            prediction = await self._asked("GET", prediction.urls.get)
        raise failed("replicate", TIMED_OUT, ExchangeFailed("not made in time"))

    async def _asked(self, method: str, url: str, content: bytes | None = None) -> _Prediction:
        headers = dict(self._authorization)
        if content is not None:
            headers |= {"Content-Type": "application/json", "Prefer": "wait"}
        try:
            # The token is for the service alone, whatever address it names.
            if not _same_origin(url, self._base):
                raise ExchangeFailed("an address elsewhere")
            limit = _MAX_PREDICTION_BYTES
            body = await exchange(
                self._http, method, url, headers=headers, content=content, limit=limit
            )
            return msgspec.json.decode(body, type=_Prediction)
        except (ExchangeFailed, msgspec.DecodeError) as error:
            raise failed("replicate", SERVICE_ERROR, error) from error

    async def _fetched(self, url: str) -> bytes:
        """The result, which lies on another host as a rule and is asked for without the token."""
        try:
            if not (url.startswith("https://") or _same_origin(url, self._base)):
                raise ExchangeFailed("an address elsewhere")
            data = await exchange(self._http, "GET", url, limit=MAX_PICTURE_BYTES)
            if picture_type(data) != PNG:
                raise ExchangeFailed("not a PNG")
        except ExchangeFailed as error:
            raise failed("replicate", NO_RESULT, error) from error
        return data


def _body(image: bytes, media_type: str) -> bytes:
    """What is asked. For a worker thread, for there may be megabytes of it."""
    data_uri = f"data:{media_type};base64,{b64encode(image).decode()}"
    return msgspec.json.encode({"input": {"image": data_uri, "preserve_alpha": True}})


def _output(prediction: _Prediction) -> str:
    match prediction.output:
        case str(url) | [str(url), *_] if url:
            return url
        case _:
            raise failed("replicate", NO_OUTPUT, ExchangeFailed("no output"))


def _same_origin(url: str, base: str) -> bool:
    try:
        one, other = httpx.URL(url), httpx.URL(base)
    except httpx.InvalidURL:
        return False
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
