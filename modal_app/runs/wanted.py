"""The images that an agent asks for: it leaves a list in its workspace, as the skill says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from modal_app.workspace.plain import read_plain, remove_plain
from schema.execution import MAX_WANTED_IMAGES, WantedImage

REQUESTS_FILE: Final = "assets/requests.json"
MAX_PROMPT_CHARACTERS: Final = 2_000

_MAX_BYTES: Final = 64 * 1024
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,32}\.(?:png|jpg|jpeg|webp)")


def take_wanted_images(workspace: Path) -> tuple[WantedImage, ...]:
    """Read the list and remove it: it is a message, no part of the game.

    At most `MAX_WANTED_IMAGES`, each name once; what is not well-formed is left out. Raises OSError
    when the file cannot be removed.
    """
    data = read_plain(workspace, REQUESTS_FILE, _MAX_BYTES + 1)
    remove_plain(workspace, REQUESTS_FILE)
    if data is None or len(data) > _MAX_BYTES:
        return ()
    wanted = {image.name.lower(): image for image in _well_formed(data)}
    return tuple(wanted.values())[:MAX_WANTED_IMAGES]


def _well_formed(data: bytes) -> Iterator[WantedImage]:
    try:
        listed = msgspec.json.decode(data, type=dict[str, object]).get("images")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    for item in listed if isinstance(listed, list) else ():
        match item:
            case {"name": str(name), "prompt": str(prompt)} if _NAME.fullmatch(name):
                words = prompt.strip()
                if 0 < len(words) <= MAX_PROMPT_CHARACTERS:
                    yield WantedImage(name, words)
