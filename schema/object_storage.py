"""Where files are kept: those of assets, pictures and movies of projects."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object, open at its beginning, to be closed by whoever gets it.

    `size` is in bytes. `tag` tells it from what is stored under its key before or afterwards.
    """

    file: BinaryIO
    size: int
    tag: str


class ObjectStorage(Protocol):
    """Named bytes. A key is relative, of segments divided by slashes, none of them hidden.

    Every method raises `DreamCoreError(INVALID_INPUT)` for another key, INTERNAL when the storage
    does not work.
    """

    async def write(self, key: str, data: bytes) -> None:
        """Store `data` whole or not at all, in place of what was there."""
        ...

    async def read(self, key: str) -> bytes | None: ...

    async def find(self, key: str) -> StoredObject | None:
        """As `read`, for what is too large to be held in memory."""
        ...

    async def delete(self, key: str) -> None:
        """Forget one; unknown ones are forgotten."""
        ...

    def keys(self, prefix: str) -> AsyncGenerator[str, None]:
        """Every key that begins with `prefix`, in no order."""
        ...
