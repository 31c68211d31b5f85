"""What a file is, by its first bytes."""

from typing import Final

PNG: Final = "image/png"
_FTYP: Final = slice(4, 8)


def picture_type(data: bytes) -> str | None:
    """`image/png`, `image/jpeg` or `image/webp`; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def is_mp4(data: bytes) -> bool:
    """Whether it opens with the box that every MP4 opens with."""
    return data[_FTYP] == b"ftyp"
