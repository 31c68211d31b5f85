"""Files by their names below one directory. Blocking: for worker threads.

Every directory on the way is opened from the one above it and never through a symbolic link, so
that nobody who can write here leads us elsewhere. A file appears under its name by a rename.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

from adapters.stores.embedded.object_keys import Segments, is_segment

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_TEMPORARY_PREFIX: Final = ".incoming-"

# No such name; no directory on the way; a symbolic link; a socket.
_ABSENT: Final = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)


@dataclass(frozen=True, slots=True)
class ObjectFiles:
    """The tree at `root`, which no other process writes."""

    root: Path

    @classmethod
    def open(cls, root: Path) -> Self:
        """Make it if it is missing; what an earlier process left half-written goes."""
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _, _, names, directory in os.fwalk(root):
            for name in names:
                if name.startswith(_TEMPORARY_PREFIX):
                    os.unlink(name, dir_fd=directory)
        return cls(root.resolve())

    def write(self, segments: Segments, data: bytes) -> None:
        """Put `data` there, whole. Raises NotADirectoryError when a file is in the way."""
        *folders, name = segments
        with self._directory(folders, create=True) as directory:
            temporary = f"{_TEMPORARY_PREFIX}{token_hex(8)}"
            try:
                with os.fdopen(os.open(temporary, _CREATE, 0o600, dir_fd=directory), "wb") as file:
                    file.write(data)
                    file.flush()
                    # Before the name is there: a loss of power must not leave an empty file.
                    os.fsync(file.fileno())
                os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            except IsADirectoryError as error:
                raise NotADirectoryError from error
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=directory)

    def read(self, segments: Segments) -> bytes | None:
        """The content, None when no regular file is there."""
        file = self.find(segments)
        if file is None:
            return None
        with file:
            return file.readall()

    def find(self, segments: Segments) -> FileIO | None:
        """The file, open, None when no regular one is there."""
        *folders, name = segments
        try:
            with self._directory(folders) as directory:
                return _regular(os.open(name, _READ, dir_fd=directory))
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise

    def delete(self, segments: Segments) -> None:
        """Remove the file if there is one."""
        *folders, name = segments
        with (
            suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError),
            self._directory(folders) as directory,
        ):
            os.unlink(name, dir_fd=directory)

    def names(self, folders: Segments) -> tuple[list[str], list[str]]:
        """The names of the regular files and of the directories that keys can name."""
        files: list[str] = []
        directories: list[str] = []
        with (
            suppress(FileNotFoundError, NotADirectoryError),
            self._directory(folders) as directory,
            os.scandir(directory) as entries,
        ):
            for entry in filter(lambda entry: is_segment(entry.name), entries):
                if entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    directories.append(entry.name)
        return files, directories

    @contextmanager
    def _directory(self, folders: Sequence[str], *, create: bool = False) -> Iterator[int]:
        """A descriptor of the directory, open for the block."""
        directory = os.open(self.root, _DIRECTORY)
        try:
            for name in folders:
                if create:
                    with suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=directory)
                above, directory = directory, os.open(name, _DIRECTORY, dir_fd=directory)
                os.close(above)
            yield directory
        finally:
            os.close(directory)


def _regular(descriptor: int) -> FileIO | None:
    """The file of a descriptor, which is closed when it is not a regular one."""
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return FileIO(descriptor)
    os.close(descriptor)
    return None
