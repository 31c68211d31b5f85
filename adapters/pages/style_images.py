"""Pictures of the visual styles: `FRONTEND_DIR/images/styles/{2d|3d}/{genre}/{id}.webp` or `.png`.

Source: `contract/legacy-ws.md` §3, `contract/legacy-http.md` §1.1.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

FOLDER: Final = "images/styles"
SUFFIXES: Final = (".webp", ".png")


def style_images(frontend: Path | None) -> Mapping[tuple[str, str], str]:
    """Address of each picture by dimension and style; the first genre that has one wins.

    Reads the folder: call it once, at start-up.
    """
    found: dict[tuple[str, str], str] = {}
    if frontend is None:
        return found
    root = frontend / FOLDER
    for genre in sorted(path for path in root.glob("*/*") if path.is_dir()):
        for suffix in SUFFIXES:
            for picture in sorted(genre.glob(f"*{suffix}")):
                address = "/" + quote(picture.relative_to(frontend).as_posix())
                found.setdefault((genre.parent.name, picture.stem), address)
    return found
