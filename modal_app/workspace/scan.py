"""Reading a directory that an agent has worked in, where anything may lie."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.paths import is_reserved, is_storable

MEBIBYTE: Final = 2**20
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class WorkspaceLimits:
    """How much one version of a project may hold."""

    files: int = 2_000
    total_bytes: int = 50 * MEBIBYTE
    file_bytes: int = 20 * MEBIBYTE

    def check(self, count: int, total: int, largest: int) -> None:
        """Raises `WorkspaceFailed` saying which limit a set of files breaks."""
        if count > self.files:
            raise WorkspaceFailed(f"A project may have at most {self.files} files")
        if largest > self.file_bytes:
            raise WorkspaceFailed(f"A file may have at most {self.file_bytes // MEBIBYTE} MB")
        if total > self.total_bytes:
            raise WorkspaceFailed(f"A project may have at most {self.total_bytes // MEBIBYTE} MB")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file: its path relative to the directory, as the file system spells it."""

    path: str
    executable: bool
    data: bytes


def scan(source: Path, limits: WorkspaceLimits) -> Iterator[FoundFile]:
    """Every regular file under `source`, in order, without leaving it.

    Symbolic links, sockets, pipes, devices and reserved names are passed over; links that
    replace a directory while we read are not followed either. Raises `WorkspaceFailed` as soon
    as a limit is passed, and when a directory cannot be read.
    """
    if source.is_symlink() or not source.is_dir():
        raise WorkspaceFailed("The directory to save is gone")
    count = total = 0
    for directory, names, files, descriptor in os.fwalk(source, onerror=_refuse):
        prefix = Path(directory).relative_to(source).as_posix()
        prefix = "" if prefix == "." else f"{prefix}/"
        names[:] = sorted(name for name in names if not is_reserved(name))
        for name in names:
            _check_path(prefix + name)
        for name in sorted(name for name in files if not is_reserved(name)):
            found = _read(descriptor, name, prefix, limits)
            if found is None:
                continue
            count, total = count + 1, total + len(found.data)
            limits.check(count, total, len(found.data))
            yield found


def _check_path(path: str) -> None:
    if not is_storable(path):
        raise WorkspaceFailed("A file name is too long, or its directory too deep")


def _refuse(error: OSError) -> None:
    raise WorkspaceFailed("A directory cannot be read") from error


def _read(directory: int, name: str, prefix: str, limits: WorkspaceLimits) -> FoundFile | None:
    with suppress(OSError):
        # Not even opened: reading a device or a pipe may have effects.
        if not stat.S_ISREG(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
            return None
    _check_path(prefix + name)
    try:
        with os.fdopen(os.open(name, _OPEN, dir_fd=directory), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                return None
            # One byte more than allowed is enough to know.
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise WorkspaceFailed("A file cannot be read") from error
    return FoundFile(prefix + name, bool(mode & stat.S_IXUSR), data)
