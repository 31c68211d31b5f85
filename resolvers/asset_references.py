"""References to generated images in the files of a game.

Source: `contract/legacy-http.md` §5.4.
"""

import re
from collections.abc import Mapping
from typing import Final

# Not in the middle of another path or address, nor behind a variable that may hold one.
_LEFT: Final = r"(?<![A-Za-z0-9_./\\}~@%-])"
_PREFIX: Final = r"(?:(?:\.\./)+|\.?/)?assets/"
_RIGHT: Final = r"(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"


def replace_asset_references(text: str, urls: Mapping[str, str]) -> str:
    """`text` with the address of each image in place of `assets/<name>`.

    `urls` maps names to addresses. `./assets/…`, `/assets/…` and `../assets/…` mean the same and
    go as a whole. Of names that begin alike the longest is meant.
    """
    names = sorted(filter(None, urls), key=len, reverse=True)
    if not names:
        return text
    any_name = "|".join(map(re.escape, names))
    pattern = re.compile(f"{_LEFT}{_PREFIX}({any_name}){_RIGHT}")
    return pattern.sub(lambda found: urls[found[1]], text)
