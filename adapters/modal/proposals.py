"""What a run says it wrote and would like to have drawn, checked: nobody's success depends on it.

What is malformed is left out piece by piece, so that a strange `code` never costs the version that
came with it. Sizes are bounded here too: the endpoint may be one that bounds nothing.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec

from adapters.modal.paths import relative_path
from schema.execution import (
    MAX_CODE_BYTES,
    MAX_WANTED_IMAGES,
    Code,
    ProposedEdit,
    ProposedFile,
    WantedImage,
)

Item = TypeVar("Item", ProposedFile, ProposedEdit, WantedImage)

_IMAGE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,32}\.(?:png|jpg|jpeg|webp)")
_MAX_PROMPT_CHARACTERS: Final = 2_000


class _Lists(msgspec.Struct, frozen=True):
    files: msgspec.Raw = msgspec.Raw()
    edits: msgspec.Raw = msgspec.Raw()


def code_of(raw: msgspec.Raw) -> Code | None:
    """The usable files and edits, as many from the first on as fit; None when there are none."""
    try:
        lists = msgspec.json.decode(raw, type=_Lists | None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if lists is None:
        return None
    room = _Room(MAX_CODE_BYTES)
    files = tuple(
        msgspec.structs.replace(file, path=path)
        for file in _items(lists.files, ProposedFile)
        if (path := relative_path(file.path)) and room.takes(path, file.content)
    )
    edits = tuple(
        msgspec.structs.replace(edit, path=path)
        for edit in _items(lists.edits, ProposedEdit)
        if (path := relative_path(edit.path)) and room.takes(path, edit.old_string, edit.new_string)
    )
    return Code(files, edits) if files or edits else None


def images_of(raw: msgspec.Raw) -> tuple[WantedImage, ...]:
    """The first `MAX_WANTED_IMAGES` that have a plain file name and words to draw from."""
    named = (
        image
        for image in _items(raw, WantedImage)
        if _IMAGE_NAME.fullmatch(image.name)
        and image.prompt.strip()
        and len(image.prompt) <= _MAX_PROMPT_CHARACTERS
    )
    return tuple({image.name.lower(): image for image in named}.values())[:MAX_WANTED_IMAGES]


class _Room:
    """Bytes that are left."""

    def __init__(self, size: int) -> None:
        self._left = size

    def takes(self, *texts: str) -> bool:
        size = sum(len(text.encode()) for text in texts)
        if size > self._left:
            return False
        self._left -= size
        return True


def _items(raw: msgspec.Raw, kind: type[Item]) -> Iterator[Item]:
    """The well-formed ones of a list."""
    try:
        listed = msgspec.json.decode(raw, type=list[msgspec.Raw] | None) or ()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    for item in listed:
        try:
            yield msgspec.json.decode(item, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
