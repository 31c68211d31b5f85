"""Media types by file extension.

Source: `contract/legacy-http.md` §1.0 (charset), §1.5 (games). Types that the legacy server did not
know are added where browsers insist on one.
"""

import re
from typing import Final

UNKNOWN: Final = "application/octet-stream"
HTML: Final = "text/html"

_TYPES: Final = {
    "html": HTML,
    "htm": HTML,
    "css": "text/css",
    "txt": "text/plain",
    "js": "application/javascript",
    "mjs": "application/javascript",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "wasm": "application/wasm",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "apng": "image/apng",
    "bmp": "image/bmp",
    "heic": "image/heic",
    "heif": "image/heif",
    "jfif": "image/jpeg",
    "jpe": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "gltf": "model/gltf+json",
    "glb": "model/gltf-binary",
}
_STATIC_TEXT: Final = ("application/javascript", "application/json")
_GAME_TEXT: Final = (*_STATIC_TEXT, "image/svg+xml")
# One type and no list of them: of a list, browsers take the last one.
_SHOWN: Final = re.compile(r"(image|audio)/[a-z0-9.+-]+")


def static_type(path: str) -> str:
    """Of a file of the frontend."""
    return _with_charset(_type(path), _STATIC_TEXT, "UTF-8")


def game_type(path: str) -> str:
    """Of a file of a game."""
    return _with_charset(_type(path), _GAME_TEXT, "utf-8")


def asset_type(path: str) -> str:
    """Of an uploaded file, by its stored name."""
    return shown_type(_type(path))


def shown_type(media_type: str) -> str:
    """What an asset is served as that is said to be `media_type`: pictures, sounds and JSON as they
    are, anything else as bytes."""
    plain = media_type.partition(";")[0].strip().lower()
    if plain == "application/json":
        return f"{plain}; charset=utf-8"
    return plain if _SHOWN.fullmatch(plain) else UNKNOWN


def _type(path: str) -> str:
    name = path.rpartition("/")[2]
    return _TYPES.get(name.rpartition(".")[2].lower(), UNKNOWN) if "." in name else UNKNOWN


def _with_charset(media_type: str, text: tuple[str, ...], charset: str) -> str:
    is_text = media_type.startswith("text/") or media_type in text
    return f"{media_type}; charset={charset}" if is_text else media_type
