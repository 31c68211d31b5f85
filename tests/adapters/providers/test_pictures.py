"""What counts as a picture, how one is fitted, and how a sprite is cut out."""

from io import BytesIO
from itertools import product
from typing import Final

import pytest
from PIL import Image

from adapters.providers.chroma import ChromaKey
from adapters.providers.pictures import MAX_PIXELS, PillowPictures
from schema.errors import DreamCoreError, ErrorCode
from tests.adapters.pages.assets.forms import GIF_AND_HTML, PNG, SVG_WITH_SCRIPT
from tests.adapters.providers.stub import opened, picture

MAGENTA: Final = (255, 0, 255)


def bomb() -> bytes:
    """A small file of a large picture."""
    output = BytesIO()
    Image.new("1", (10_000, MAX_PIXELS // 10_000 + 1)).save(output, "PNG")
    return output.getvalue()


def two_pictures() -> bytes:
    """As phones write them."""
    output, image = BytesIO(), Image.new("RGB", (8, 8))
    image.save(output, "MPO", save_all=True, append_images=[image])
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        *((picture(kind=kind), f"image/{kind.lower()}") for kind in ("PNG", "JPEG", "WEBP")),
        (two_pictures(), "image/jpeg"),
        *((data, None) for data in (b"", b"\x89PNG\r\n\x1a\n", GIF_AND_HTML, SVG_WITH_SCRIPT)),
        *((picture(kind=kind), None) for kind in ("GIF", "BMP", "TIFF", "PPM")),
        *((picture(kind=kind)[:-30], None) for kind in ("PNG", "JPEG", "WEBP")),
        (bomb(), None),
    ],
)
async def test_a_picture_is_known_by_its_content(data: bytes, media_type: str | None) -> None:
    assert await PillowPictures().media_type(data) == media_type


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((2_160, 3_840), (1_080, 1_920)),
        ((4_000, 1_000), (1_080, 270)),
        ((10, 20), (10, 20)),
    ],
)
async def test_a_picture_is_shrunk_into_the_frame_and_never_enlarged(
    size: tuple[int, int], fitted: tuple[int, int]
) -> None:
    image = opened(await PillowPictures().fitted(picture(size=size), 1_080, 1_920))
    assert (image.format, image.size) == ("WEBP", fitted)


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:-30], bomb()])
async def test_what_is_no_picture_is_not_fitted(data: bytes) -> None:
    with pytest.raises(DreamCoreError) as refusal:
        await PillowPictures().fitted(data, 10, 10)
    assert refusal.value.code is ErrorCode.INVALID_FILE_TYPE
    assert await ChromaKey().cut_out(data) is None


async def test_a_sprite_loses_magenta_and_one_pixel_at_its_edge() -> None:
    data = await ChromaKey().cut_out(picture(MAGENTA, (20, 20), square=(5, 6, 15, 14)))
    assert data is not None
    sprite = opened(data)
    assert (sprite.format, sprite.size) == ("PNG", (8, 6))
    assert {sprite.getpixel(at) for at in product(range(8), range(6))} == {(0, 0, 255, 255)}


@pytest.mark.parametrize(
    ("colour", "goes"),
    [
        ((181, 99, 101), True),
        ((180, 99, 101), False),
        ((181, 100, 101), False),
        ((181, 99, 100), False),
    ],
)
async def test_magenta_has_sharp_limits(colour: tuple[int, int, int], goes: bool) -> None:
    data = await ChromaKey().cut_out(picture(colour, (20, 20), square=(5, 5, 15, 15)))
    assert data is not None
    assert opened(data).size == ((8, 8) if goes else (20, 20))


async def test_a_sprite_without_anything_is_none() -> None:
    assert await ChromaKey().cut_out(picture(MAGENTA)) is None


async def test_holes_in_a_sprite_become_transparent() -> None:
    image = Image.new("RGB", (20, 20), (0, 0, 255))
    image.paste(MAGENTA, (9, 9, 11, 11))
    output = BytesIO()
    image.save(output, "PNG")
    data = await ChromaKey().cut_out(output.getvalue())
    assert data is not None
    sprite = opened(data).convert("RGBA").getchannel("A")
    clear = {at for at in product(range(20), range(20)) if sprite.getpixel(at) == 0}
    assert clear == set(product(range(8, 12), range(8, 12)))
