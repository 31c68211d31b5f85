"""Services that make or change pictures and movies; each may be missing.

A missing one is `None` where these are handed over, and answered with PROVIDER_NOT_CONFIGURED.
Implementations raise `DreamCoreError(PROVIDER_FAILED)`, whose detail is fit for users.
"""

from dataclasses import dataclass
from typing import Final, Protocol

MOVIE_SECONDS: Final = 7.0
MAX_PICTURE_BYTES: Final = 16 * 2**20
MAX_MOVIE_BYTES: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What to draw. `aspect_ratio` is like `9:16`; `transparent` asks for a cut-out sprite."""

    prompt: str
    aspect_ratio: str = "1:1"
    transparent: bool = False
    references: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class GeneratedPicture:
    """An image file, and the prompt that it was really made from."""

    data: bytes
    media_type: str
    prompt: str


@dataclass(frozen=True, slots=True)
class MovieRequest:
    """What a demo movie is made from: 1080 by 1920 pixels, `MOVIE_SECONDS` long."""

    title: str
    spec: str
    code: str


class ImageGeneration(Protocol):
    """Draws pictures."""

    async def generate(self, request: ImageRequest) -> GeneratedPicture: ...


class BackgroundRemoval(Protocol):
    """Cuts what a picture shows out of its background."""

    async def remove(self, image: bytes, media_type: str) -> bytes:
        """A PNG with transparency."""
        ...


class MovieRendering(Protocol):
    """Makes demo movies."""

    async def render(self, request: MovieRequest) -> bytes:
        """An MP4."""
        ...


@dataclass(frozen=True, slots=True)
class Providers:
    """What is configured."""

    images: ImageGeneration | None = None
    backgrounds: BackgroundRemoval | None = None
    movies: MovieRendering | None = None


class Pictures(Protocol):
    """Looks at pictures and fits them; nothing of it leaves the process."""

    async def media_type(self, data: bytes) -> str | None:
        """`image/png`, `image/jpeg` or `image/webp`; None for anything else, for what is damaged
        and for what is too large to be opened safely."""
        ...

    async def fitted(self, data: bytes, width: int, height: int) -> bytes:
        """As WebP, shrunk until it is no larger. Raises `DreamCoreError(INVALID_FILE_TYPE)`."""
        ...
