"""What kind of picture a kept one is: told from its first bytes, since all of it was looked at
when it was kept."""

from typing import Final

_SIGNATURES: Final = (
    ("image/png", b"\x89PNG\r\n\x1a\n", b""),
    ("image/jpeg", b"\xff\xd8\xff", b""),
    ("image/webp", b"RIFF", b"WEBP"),
)
_FORM: Final = slice(8, 12)
"""Where a RIFF file says what it is."""


def media_type_of(picture: bytes) -> str | None:
    """None when it is of no kind that is kept."""
    for media_type, start, form in _SIGNATURES:
        if picture.startswith(start) and picture[_FORM].startswith(form):
            return media_type
    return None
