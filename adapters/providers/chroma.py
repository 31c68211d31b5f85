"""Cutting a sprite out of a magenta background, with Pillow in a worker thread.

Source: `contract/legacy-http.md` §1.6.
"""

from io import BytesIO
from typing import Final

from anyio import CapacityLimiter, to_thread
from PIL import Image, ImageChops, ImageFilter

from adapters.providers.pictures import DAMAGED, open_picture
from schema.providers import MAX_PICTURE_BYTES

# A picture is held four times over while it is keyed.
MAX_PIXELS: Final = 4096 * 4096
RED_ABOVE: Final = 180
GREEN_BELOW: Final = 100
BLUE_ABOVE: Final = 100
_AT_ONCE: Final = 2
_SEEN: Final = 255


class ChromaKey:
    """Keys pictures, two at a time."""

    def __init__(self) -> None:
        self._turns: Final = CapacityLimiter(_AT_ONCE)

    async def cut_out(self, picture: bytes) -> bytes | None:
        """What is not magenta, one pixel narrower at its edges and trimmed, as a PNG.

        None when nothing is left of it, and for a picture that is damaged or too large.
        """
        return await to_thread.run_sync(_cut_out, picture, limiter=self._turns)


def _cut_out(picture: bytes) -> bytes | None:
    try:
        with open_picture(picture, MAX_PIXELS) as image:
            sprite = image.convert("RGBA")
    except DAMAGED:
        return None
    alpha = ImageChops.darker(sprite.getchannel("A"), ImageChops.invert(_magenta(sprite)))
    # Pixels beside the background are mixed with it.
    alpha = alpha.filter(ImageFilter.MinFilter(3))
    box = alpha.getbbox()
    if box is None:
        return None
    sprite.putalpha(alpha)
    output = BytesIO()
    sprite.crop(box).save(output, "PNG")
    data = output.getvalue()
    return data if len(data) <= MAX_PICTURE_BYTES else None


def _magenta(image: Image.Image) -> Image.Image:
    """A mask: 255 where a pixel is of the background's colour."""
    red = image.getchannel("R").point([_SEEN * (value > RED_ABOVE) for value in range(256)])
    green = image.getchannel("G").point([_SEEN * (value < GREEN_BELOW) for value in range(256)])
    blue = image.getchannel("B").point([_SEEN * (value > BLUE_ABOVE) for value in range(256)])
    return ImageChops.darker(ImageChops.darker(red, green), blue)
