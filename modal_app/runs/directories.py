"""Making and removing the directory of a run; both are atomic for whoever looks on. All blocks."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from shutil import rmtree

import msgspec

from modal_app.layout import HIDDEN_PREFIX, Layout, RunDirectory
from schema.execution import RunRequest
from schema.identifiers import random_uuid


@contextmanager
def created(
    layout: Layout, run: RunDirectory, request: RunRequest
) -> Generator[int | None, None, None]:
    """Make the directory of `run` appear complete, its lock held; None when it exists already.

    Yields the descriptor of the lock, which is closed on leaving.
    """
    staging = staged(layout)
    staging.request.write_bytes(msgspec.json.encode(request))
    lock = os.open(staging.lock, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock if publish(staging, run) else None
    finally:
        os.close(lock)


def staged(layout: Layout) -> RunDirectory:
    """A directory with an empty journal and a free lock that nobody sees until `publish`."""
    staging = RunDirectory(layout.runs / f"{HIDDEN_PREFIX}{random_uuid()}")
    staging.path.mkdir(mode=0o700, parents=True)
    staging.journal.touch(mode=0o600)
    staging.lock.touch(mode=0o600)
    return staging


def publish(staging: RunDirectory, run: RunDirectory) -> bool:
    """Make what was staged appear as `run`; False, and it is removed, when that exists already."""
    try:
        staging.path.rename(run.path)
    except OSError:  # "not empty" has several numbers; what counts is that somebody was first
        rmtree(staging.path, ignore_errors=True)
        if not run.path.exists():
            raise
        return False
    return True


def discard(run: RunDirectory) -> None:
    """Remove the run as if it had never been; the caller holds its lock or knows that it ended."""
    hidden = run.path.with_name(f"{HIDDEN_PREFIX}{random_uuid()}")
    run.path.rename(hidden)
    rmtree(hidden, ignore_errors=True)


def remove_working_files(run: RunDirectory) -> None:
    """Remove what only the agent needed."""
    for directory in (run.work, run.home, run.temporary):
        rmtree(directory, ignore_errors=True)
