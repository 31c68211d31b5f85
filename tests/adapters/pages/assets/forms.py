"""Multipart forms to the byte, and files to put in them."""

import zlib
from dataclasses import dataclass
from struct import pack
from typing import Final

BOUNDARY: Final = "boundary"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


PNG: Final = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff\0\0\xff"))
    + _chunk(b"IEND", b"")
)
GIF_AND_HTML: Final = b"GIF89a/*<html><body><script>parent.hacked=1</script>*/=1"
SVG_WITH_SCRIPT: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4" onload="document.title=1">'
    b'<rect width="4" height="4" style="fill:lime"/><script>document.title="active"</script></svg>'
)
HTML: Final = b"<!DOCTYPE html><title>x</title><script>document.title='active'</script>"


@dataclass(frozen=True)
class Part:
    """A field of a form; with a file name it is a file."""

    name: str
    data: bytes
    filename: str | None = None
    media_type: str | None = None

    def encoded(self) -> bytes:
        """With its headers. Quotes in names are escaped as browsers do."""
        lines = [f'Content-Disposition: form-data; name="{self.name}"']
        if self.filename is not None:
            lines[0] += f'; filename="{self.filename.replace(chr(34), "%22")}"'
        if self.media_type is not None:
            lines.append(f"Content-Type: {self.media_type}")
        return "\r\n".join([*lines, "", ""]).encode() + self.data + b"\r\n"


def form(*parts: Part) -> tuple[str, bytes]:
    """Content type and body."""
    pieces = [f"--{BOUNDARY}\r\n".encode() + part.encoded() for part in parts]
    end = f"--{BOUNDARY}--\r\n".encode()
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join([*pieces, end])
