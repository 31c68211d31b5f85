"""Runs that were cancelled before anybody started them.

A cancel may overtake the request that starts its run. It then leaves the directory of a run that
has ended, so that the late start joins that run, reads that it was cancelled and starts nothing.
The directory has no request; the ordinary retention removes it. All blocks.
"""

from contextlib import suppress
from typing import Final

from modal_app.journal import JournalWriter
from modal_app.layout import Layout, RunDirectory
from modal_app.runs.directories import discard, publish, staged
from modal_app.runs.liveness import STOPPED

MAX_FORESTALLED: Final = 1_000


def forestall(layout: Layout, run: RunDirectory, limit: int = MAX_FORESTALLED) -> bool:
    """Make `run` one that was cancelled; False, and nothing changes, when it exists already.

    Of those that nobody has started only the newest `limit` are remembered.
    """
    if run.path.exists():
        return False
    staging = staged(layout)
    staging.cancel.touch(mode=0o600)
    with JournalWriter(staging.journal) as journal:
        journal.append(STOPPED)
    made = publish(staging, run)
    if made:
        _forget_oldest(layout, limit)
    return made


def is_forestalled(run: RunDirectory) -> bool:
    """Whether the run was cancelled before anybody started it."""
    return run.journal.exists() and not run.request.exists()


def _forget_oldest(layout: Layout, limit: int) -> None:
    """Others may remove runs meanwhile: what has gone is gone."""
    ages: list[tuple[float, RunDirectory]] = []
    for run in layout.all_runs():
        with suppress(FileNotFoundError, NotADirectoryError):
            if is_forestalled(run):
                ages.append((run.journal.stat().st_mtime, run))
    ages.sort(key=lambda pair: pair[0])
    for _, run in ages[:-limit]:
        with suppress(FileNotFoundError):
            discard(run)
