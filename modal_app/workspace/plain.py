"""Single files of a directory where anything may lie. Blocking: for worker threads."""

import os
import shutil
import stat
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

_ROOT: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_DIRECTORY: Final = _ROOT | os.O_NOFOLLOW
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_plain(root: Path, path: str, limit: int) -> bytes | None:
    """The first `limit` bytes of a regular file at a relative path.

    None when there is no such file; no symbolic link is followed on the way from `root`.
    """
    *names, last = path.split("/")
    with ExitStack() as opened, suppress(OSError):
        directory = _open(root, None, _ROOT, opened)
        for name in names:
            directory = _open(name, directory, _DIRECTORY, opened)
        if not stat.S_ISREG(os.stat(last, dir_fd=directory, follow_symlinks=False).st_mode):
            return None
        with os.fdopen(os.open(last, _FILE, dir_fd=directory), "rb") as file:
            return file.read(limit) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    return None


def remove_plain(root: Path, path: str) -> None:
    """Take away whatever is at a relative path, unless a symbolic link leads there."""
    target = root / path
    *parents, _ = (parent for parent in target.parents if parent.is_relative_to(root))
    if not all(parent.is_dir() and not parent.is_symlink() for parent in parents):
        return
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def _open(name: str | Path, directory: int | None, flags: int, opened: ExitStack) -> int:
    descriptor = os.open(name, flags, dir_fd=directory)
    opened.callback(os.close, descriptor)
    return descriptor
