"""What an uploaded file is called, and whether it is taken. Pure rules.

Source: `contract/legacy-http.md` §5.2, §5.3. Names are taken apart as Node's `path` does.

Which files are taken, and why:

* Declared media type or extension of the file name must be on the list, as it always was. They need
  not agree, nor with the content: browsers redraw pictures and keep the name (§0.7).
* No name may have an extension that is not on the list: the one of the original name used to be
  unchecked and decided what the file was served as, `text/html` for one (§5.2). No extension at all
  is good. So are other pictures that browsers redraw, with the name they had before.
* What is stored as media type is always one of the list, whatever was declared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schema.assets import Upload
from schema.errors import DreamCoreError, ErrorCode

MAX_BASE_CHARACTERS: Final = 32
MAX_NUMBER: Final = 500
"""How far aliases are numbered when a name is taken again and again."""
HASH_DIGITS: Final = 16

_TYPES: Final = {
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".json": "application/json",
}
_DECLARED: Final = frozenset(_TYPES.values()) - {"audio/mpeg"} | {
    "image/jpg",
    "image/pjpeg",
    "image/x-png",
    "audio/mp3",
    "audio/x-wav",
    "audio/wave",
    "audio/vnd.wave",
    "application/ogg",
}
_REDRAWN: Final = frozenset(
    (".apng", ".avif", ".bmp", ".heic", ".heif", ".ico", ".jfif", ".jpe", ".tif", ".tiff")
)
_PICTURES: Final = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))
_PICTURE: Final = ".png"
_NAMELESS: Final = "image"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]")
# Control characters, what turns the direction of a text around, and halves of a character.
_UNSHOWN: Final = re.compile("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Naming:
    """Everything that follows from a file's names. `extension` has its dot, or is empty."""

    shown: str
    base: str
    extension: str
    media_type: str

    def filename(self, digest: str) -> str:
        """The stored name of a content with this SHA-256 in hexadecimal."""
        return f"{self.base}_{digest[:HASH_DIGITS]}{self.extension}"

    def aliases(self, digest: str) -> Iterator[str]:
        """Public names to try, in this order; the last one is free unless this content has it."""
        yield self.base + self.extension
        for number in range(2, MAX_NUMBER + 1):
            yield f"{self.base}_{number}{self.extension}"
        yield self.filename(digest)


def naming_of_upload(upload: Upload) -> Naming:
    """Raises `DreamCoreError(INVALID_FILE_TYPE)` for what is not taken."""
    shown = upload.original_name or upload.filename
    declared = upload.mime_type.partition(";")[0].strip().lower()
    sent, extension = _extension(upload.filename).lower(), _extension(shown).lower()
    listed = declared in _DECLARED or sent in _TYPES
    if not listed or not all(map(_is_harmless, (sent, extension))):
        raise DreamCoreError(ErrorCode.INVALID_FILE_TYPE, "Invalid file type")
    if declared not in _DECLARED and declared not in _TYPES.values():
        declared = _TYPES.get(extension) or _TYPES[sent]
    # The extension is stripped only where it is in lower case already.
    return _naming(shown, _base(shown, extension), extension, declared)


def naming_of_image(name: str) -> Naming:
    """Of an image made for a game; without an extension of a picture it is a PNG."""
    found = _extension(name)
    extension = found.lower() if found.lower() in _PICTURES else _PICTURE
    return _naming(name, _base(name, found), extension, _TYPES[extension])


def _naming(shown: str, base: str, extension: str, media_type: str) -> Naming:
    base = base or _NAMELESS
    return Naming(_UNSHOWN.sub("", shown) or base + extension, base, extension, media_type)


def _is_harmless(extension: str) -> bool:
    return not extension or extension in _TYPES or extension in _REDRAWN


def _extension(name: str) -> str:
    """With its dot; a name that begins with its only dot has none."""
    last = _last_segment(name)
    dot = last.rfind(".")
    return last[dot:] if dot > 0 and last != ".." else ""


def _base(name: str, extension: str) -> str:
    """Safe for addresses and files: one `_` for each UTF-16 unit of anything else."""
    stem = _last_segment(name).removesuffix(extension)
    return _UNSAFE.sub(lambda found: "_" * _units(found[0]), stem)[:MAX_BASE_CHARACTERS]


def _last_segment(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1
