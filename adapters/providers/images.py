"""Pictures drawn by Gemini, through its REST interface.

Source: `contract/legacy-http.md` §1.6, `generate-image`.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

import httpx
import msgspec
from anyio import to_thread

from adapters.providers.chroma import ChromaKey
from adapters.providers.exchange import FAILURES, ExchangeFailed, exchange, failed
from adapters.providers.file_types import PNG, picture_type
from schema.providers import MAX_PICTURE_BYTES, GeneratedPicture, ImageRequest

MODEL: Final = "gemini-2.5-flash-image"
TIMEOUT_SECONDS: Final = 120.0
MAX_REFERENCES: Final = 3
# The service takes 20 MB a request, in Base64.
MAX_REFERENCE_BYTES: Final = 14_000_000
FAILED: Final = "Image generation failed"
SPRITE: Final = (
    "Draw it as one isolated sprite: the whole subject, uncropped, on a flat, solid magenta "
    "background (#FF00FF) that fills everything else. No shadow, no ground, no text, and no "
    "magenta or pink in the subject itself."
)
# Base64 makes four bytes of three; the rest is for what else an answer tells.
_MAX_ANSWER_BYTES: Final = MAX_PICTURE_BYTES * 4 // 3 + 2**20


class _InlineData(msgspec.Struct, frozen=True):
    data: bytes


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    inline_data: _InlineData | None = None
    thought: bool = False


class _Content(msgspec.Struct, frozen=True):
    parts: tuple[_Part, ...] = ()


class _Candidate(msgspec.Struct, frozen=True):
    content: _Content = _Content()


class _Answer(msgspec.Struct, frozen=True):
    candidates: tuple[_Candidate, ...] = ()


class GeminiImages:
    """Implements `schema.providers.ImageGeneration`.

    `base` is the service's URL without a path; `timeout` bounds the wait for a picture, in seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base: str,
        key: str,
        *,
        model: str = MODEL,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._http: Final = http
        self._url: Final = f"{base}/v1beta/models/{model}:generateContent"
        self._headers: Final = {"x-goog-api-key": key, "Content-Type": "application/json"}
        self._timeout: Final = timeout
        self._chroma_key: Final = ChromaKey()

    async def generate(self, request: ImageRequest) -> GeneratedPicture:
        """Draw it. A sprite that cannot be cut out is handed over with its background.

        Up to `MAX_REFERENCES` PNG, JPEG and WebP references are shown to the model, as far as they
        fit into `MAX_REFERENCE_BYTES`.
        """
        prompt = f"{request.prompt}\n\n{SPRITE}" if request.transparent else request.prompt
        try:
            async with asyncio.timeout(self._timeout):
                picture = await self._drawn(prompt, request)
        except FAILURES as error:
            raise failed("gemini", FAILED, error) from error
        if request.transparent:
            sprite = await self._chroma_key.cut_out(picture.data)
            if sprite is not None:
                return GeneratedPicture(sprite, PNG, prompt)
        return picture

    async def _drawn(self, prompt: str, request: ImageRequest) -> GeneratedPicture:
        body = await exchange(
            self._http,
            "POST",
            self._url,
            headers=self._headers,
            content=await to_thread.run_sync(_body, prompt, request),
            limit=_MAX_ANSWER_BYTES,
        )
        data, media_type = await to_thread.run_sync(_first_picture, body)
        return GeneratedPicture(data, media_type, prompt)


def _body(prompt: str, request: ImageRequest) -> bytes:
    """What is asked. For a worker thread, for there may be megabytes of it."""
    shown = [
        {"inlineData": {"mimeType": media_type, "data": b64encode(data).decode()}}
        for data, media_type in _references(request)
    ]
    body = {
        "contents": [{"role": "user", "parts": [{"text": prompt}, *shown]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": request.aspect_ratio},
        },
    }
    return msgspec.json.encode(body)


def _references(request: ImageRequest) -> list[tuple[bytes, str]]:
    shown: list[tuple[bytes, str]] = []
    left = MAX_REFERENCE_BYTES
    for data in request.references:
        media_type = picture_type(data)
        if media_type is not None and len(data) <= left and len(shown) < MAX_REFERENCES:
            shown.append((data, media_type))
            left -= len(data)
    return shown


def _first_picture(body: bytes) -> tuple[bytes, str]:
    """The first picture of an answer and its type. For a worker thread. Raises `FAILURES`."""
    for data in _pictures(msgspec.json.decode(body, type=_Answer)):
        media_type = picture_type(data)
        if media_type is not None and len(data) <= MAX_PICTURE_BYTES:
            return data, media_type
    raise ExchangeFailed("no picture in the answer")


def _pictures(answer: _Answer) -> Iterator[bytes]:
    """Drafts that the model made while it thought are left out."""
    for candidate in answer.candidates:
        for part in candidate.content.parts:
            if part.inline_data is not None and not part.thought:
                yield part.inline_data.data
