"""Objects as files below a directory."""

import logging
import os
from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path
from typing import Final, Self, TypeVar

import anyio.to_thread

from adapters.stores.embedded.object_files import ObjectFiles
from adapters.stores.embedded.object_keys import parse_key, parse_prefix
from schema.errors import DreamCoreError, ErrorCode
from schema.object_storage import StoredObject

Result = TypeVar("Result")

_logger: Final = logging.getLogger(__name__)


class DirectoryStorage:
    """`schema.object_storage.ObjectStorage`. No key leads out of the directory: symbolic links in
    it are not followed, and are no objects.

    A key that goes through another one (`a` and `a/b`) cannot be written: INVALID_INPUT.
    """

    def __init__(self, files: ObjectFiles) -> None:
        self._files: Final = files

    @classmethod
    async def open(cls, root: Path) -> Self:
        """The storage in the directory `root`, created when missing.

        What a killed process had not finished writing is removed, so no other process may use
        the directory. Raises OSError when it cannot be used.
        """
        return cls(await anyio.to_thread.run_sync(ObjectFiles.open, root))

    async def write(self, key: str, data: bytes) -> None:
        """Store `data` whole or not at all, in place of what was there."""
        segments = parse_key(key)
        await _in_thread(partial(self._files.write, segments, data))

    async def read(self, key: str) -> bytes | None:
        """What was written last, None for an unknown key."""
        segments = parse_key(key)
        return await _in_thread(partial(self._files.read, segments))

    async def find(self, key: str) -> StoredObject | None:
        """As `read`, as an open file."""
        segments = parse_key(key)
        file = await _in_thread(partial(self._files.find, segments))
        if file is None:
            return None
        facts = os.fstat(file.fileno())
        return StoredObject(file, facts.st_size, f"{facts.st_size:x}-{facts.st_mtime_ns:x}")

    async def delete(self, key: str) -> None:
        """Forget one; unknown ones are forgotten."""
        segments = parse_key(key)
        await _in_thread(partial(self._files.delete, segments))

    async def keys(self, prefix: str) -> AsyncGenerator[str, None]:
        """Every key that begins with `prefix`, in no order."""
        folder, beginning = parse_prefix(prefix)
        pending = [folder]
        while pending:
            folder = pending.pop()
            listed = await _in_thread(partial(self._files.names, folder))
            files, folders = (
                [(*folder, name) for name in names if name.startswith(beginning)]
                for names in listed
            )
            pending += folders
            beginning = ""
            for segments in files:
                yield "/".join(segments)


async def _in_thread(work: Callable[[], Result]) -> Result:
    """Run `work`, even to its end when the caller is cancelled."""
    try:
        return await anyio.to_thread.run_sync(work)
    except NotADirectoryError:
        raise DreamCoreError(ErrorCode.INVALID_INPUT, "The key goes through another one.") from None
    except OSError as error:
        _logger.exception("object storage failed")
        raise DreamCoreError(ErrorCode.INTERNAL) from error
