"""One gateway process a data directory, and how others find it.

An exclusive lock proves that the owner lives; the state file next to it tells where it listens.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK: Final = "gateway.lock"
STATE: Final = "gateway.json"


class DirectoryInUse(Exception):
    """Another gateway process owns the data directory."""


@contextmanager
def owned(directory: Path) -> Generator[None, None, None]:
    """Own `directory` (made when missing, mode 0700) for the block. Raises `DirectoryInUse`."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DirectoryInUse(str(directory)) from None
        (directory / STATE).unlink(missing_ok=True)
        yield
        (directory / STATE).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def announce(directory: Path, url: str) -> None:
    """Say where the owner listens; atomic, so that a reader never sees half of it."""
    with tempfile.NamedTemporaryFile("w", dir=directory, delete=False) as file:
        json.dump({"pid": os.getpid(), "url": url}, file)
    Path(file.name).replace(directory / STATE)


def running_at(directory: Path) -> str | None:
    """Base URL of the gateway that owns `directory` now, None when there is none."""
    try:
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _announced(directory)
    finally:
        os.close(descriptor)
    return None


def _announced(directory: Path) -> str | None:
    try:
        state = json.loads((directory / STATE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    url = state.get("url")
    return url if isinstance(url, str) else None
