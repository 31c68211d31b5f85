"""Files as people have them on their disks."""

from io import BytesIO
from typing import Final

from PIL import Image
from playwright.async_api import FilePayload

RED: Final = (255, 0, 0, 255)


def sprite(name: str = "hero.png", colour: tuple[int, int, int, int] = RED) -> FilePayload:
    """A picture of 8 by 8 pixels whose right half is transparent, so that it stays a PNG."""
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image.paste(colour, (0, 0, 4, 8))
    return _file(name, image, "png")


def photograph(name: str, width: int, height: int) -> FilePayload:
    """An opaque picture with something in it."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    return _file(name, image, "png")


def sound(name: str, size: int) -> FilePayload:
    """So many bytes that call themselves a sound."""
    return {"name": name, "mimeType": "audio/mpeg", "buffer": bytes(size)}


def animation(name: str, size: int) -> FilePayload:
    """So many bytes that call themselves a GIF."""
    return {"name": name, "mimeType": "image/gif", "buffer": bytes(size)}


def _file(name: str, image: Image.Image, kind: str) -> FilePayload:
    written = BytesIO()
    image.save(written, kind)
    return {"name": name, "mimeType": f"image/{kind}", "buffer": written.getvalue()}
