"""The key that signs the addresses of games (docs/game-serving.md)."""

import tempfile
from pathlib import Path
from secrets import token_bytes
from typing import Final

KEY_FILE: Final = "game-grants.key"
_KEY_BYTES: Final = 32


def grant_key(directory: Path) -> bytes:
    """The key in `directory`, made on first use: a game that is played outlives a restart.

    For the one process that owns the directory. Blocking; raises OSError.
    """
    path = directory / KEY_FILE
    key = path.read_bytes() if path.exists() else b""
    if len(key) != _KEY_BYTES:
        key = token_bytes(_KEY_BYTES)
        with tempfile.NamedTemporaryFile(dir=directory, delete=False) as file:
            file.write(key)
        Path(file.name).replace(path)
    return key
