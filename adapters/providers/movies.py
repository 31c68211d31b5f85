"""Demo movies, rendered by a service of the operator's own.

It is sent `POST` with `{title, spec, code, seconds, width, height}` as JSON and the secret as a
bearer token, and answers 2xx with an MP4 (docs: README, "Configure it").
Source of what it makes: `contract/legacy-http.md` §1.7, `generate-movie`.
"""

import asyncio
from typing import Final

import httpx
import msgspec

from adapters.providers.exchange import FAILURES, ExchangeFailed, exchange, failed
from adapters.providers.file_types import is_mp4
from schema.providers import MAX_MOVIE_BYTES, MOVIE_SECONDS, MovieRequest

TIMEOUT_SECONDS: Final = 300.0
WIDTH: Final = 1080
HEIGHT: Final = 1920
FAILED: Final = "Failed to render video"


class HttpMovies:
    """Implements `schema.providers.MovieRendering`; `timeout` bounds a movie, in seconds."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        secret: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._http: Final = http
        self._url: Final = url
        self._headers: Final = {
            "Authorization": f"Bearer {secret}",
            "Content-Type": "application/json",
            "Accept": "video/mp4",
        }
        self._timeout: Final = timeout

    async def render(self, request: MovieRequest) -> bytes:
        """See `MovieRendering.render`."""
        content = msgspec.json.encode(
            {
                "title": request.title,
                "spec": request.spec,
                "code": request.code,
                "seconds": MOVIE_SECONDS,
                "width": WIDTH,
                "height": HEIGHT,
            }
        )
        try:
            async with asyncio.timeout(self._timeout):
                movie = await exchange(
                    self._http,
                    "POST",
                    self._url,
                    headers=self._headers,
                    content=content,
                    limit=MAX_MOVIE_BYTES,
                )
            if not is_mp4(movie):
                raise ExchangeFailed("not an MP4")
        except FAILURES as error:
            raise failed("movie renderer", FAILED, error) from error
        return movie
