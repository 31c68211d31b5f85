"""Pictures, looked at and fitted with Pillow in a worker thread."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from PIL import Image, UnidentifiedImageError

from schema.errors import DreamCoreError, ErrorCode

MAX_PIXELS: Final = 40_000_000
WEBP_QUALITY: Final = 85
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
# Some cameras put a second picture behind the first: Pillow calls such a JPEG file an MPO.
_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
}
_AT_ONCE: Final = 2
DAMAGED: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What damaged files raise: Pillow has no common root for it."""

Result = TypeVar("Result")


class PillowPictures:
    """Implements `schema.providers.Pictures`, two pictures at a time."""

    def __init__(self) -> None:
        self._turns: Final = CapacityLimiter(_AT_ONCE)

    async def media_type(self, data: bytes) -> str | None:
        """See `Pictures.media_type`; the whole picture is decoded."""
        return await self._in_thread(lambda: _media_type(data))

    async def fitted(self, data: bytes, width: int, height: int) -> bytes:
        """See `Pictures.fitted`."""
        return await self._in_thread(lambda: _fitted(data, width, height))

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(work, limiter=self._turns)


def _media_type(data: bytes) -> str | None:
    try:
        with open_picture(data) as image:
            image.load()
            return _TYPES[image.format or ""]
    except DAMAGED:
        return None


def _fitted(data: bytes, width: int, height: int) -> bytes:
    try:
        with open_picture(data) as image:
            image.thumbnail((width, height))
            output = BytesIO()
            image.save(output, "WEBP", quality=WEBP_QUALITY)
            return output.getvalue()
    except DAMAGED as damaged:
        raise DreamCoreError(ErrorCode.INVALID_FILE_TYPE) from damaged


def open_picture(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Raises one of `DAMAGED`. The size is judged before a pixel is decoded."""
    image = Image.open(BytesIO(data), formats=list(_FORMATS))
    if image.width * image.height > max_pixels:
        raise ValueError("too many pixels")
    return image
