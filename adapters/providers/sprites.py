"""Cutting a sprite out of the magenta background that it was asked for.

Source: `contract/legacy-http.md` §1.6. Pure; Pillow does the work on pixels.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageFilter

PROMPT_SUFFIX: Final = (
    "An isolated sprite on a solid magenta #FF00FF background that fills the picture to its edges. "
    "No shadow, no gradient, no frame and no text; no magenta in the sprite itself."
)
_MIN_RED: Final = 180
_MAX_GREEN: Final = 100
_MIN_BLUE: Final = 100
_EDGE: Final = 3
_OPAQUE: Final = 255


def cut_out(image: Image.Image) -> bytes | None:
    """A PNG of what is not magenta, trimmed; None when nothing is left.

    Red above 180, green below 100 and blue above 100 count as magenta. One pixel at the edge of
    what is left goes too: it has the colour of both.
    """
    sprite = image.convert("RGBA")
    alpha = _eroded(ImageChops.subtract(sprite.getchannel("A"), _magenta(sprite)))
    box = alpha.getbbox()
    if box is None:
        return None
    sprite.putalpha(alpha)
    output = BytesIO()
    sprite.crop(box).save(output, "PNG")
    return output.getvalue()


def _magenta(image: Image.Image) -> Image.Image:
    """A mask of the background."""
    red, green, blue, _ = image.split()
    return ImageChops.darker(
        ImageChops.darker(
            red.point([_OPAQUE * (value > _MIN_RED) for value in range(256)]),
            green.point([_OPAQUE * (value < _MAX_GREEN) for value in range(256)]),
        ),
        blue.point([_OPAQUE * (value > _MIN_BLUE) for value in range(256)]),
    )


def _eroded(alpha: Image.Image) -> Image.Image:
    """Without the pixels beside a transparent one. The picture's own edge is none."""
    there = alpha.point([_OPAQUE * (value > 0) for value in range(256)])
    return ImageChops.darker(alpha, there.filter(ImageFilter.MinFilter(_EDGE)))
