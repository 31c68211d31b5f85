"""Who owns a run: the process that holds its lock. A run without an owner and an end is dead.

The lock is an advisory lock on an open file description. The starter takes it and the runner
inherits it, so there is no moment at which a starting run looks dead; the kernel frees it however
the runner ends.
"""

import fcntl
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from modal_app.journal import JournalWriter
from modal_app.journal_lines import JournalCorrupt
from modal_app.layout import RunDirectory
from modal_app.runs.directories import remove_working_files
from modal_app.runs.processes import kill_all, processes_inside
from schema.errors import ERRORS, ErrorCode
from schema.execution import CANCELLED, Error

_log: Final = logging.getLogger(__name__)

# The end of a run that was asked to stop.
STOPPED: Final = Error(
    code=CANCELLED, user_message=ERRORS[ErrorCode.CLI_KILLED].message, recoverable=True
)


def failure(code: ErrorCode, detail: str | None = None) -> Error:
    """The terminal event for `code`; its text is `detail`, else that of the closed table."""
    text = ERRORS[code]
    return Error(code=code, user_message=detail or text.message, recoverable=text.retryable)


@contextmanager
def try_lock(path: Path) -> Generator[int | None, None, None]:
    """The descriptor of the lock, or None when another process holds it.

    Raises FileNotFoundError when the run is gone.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield None
        return
    try:
        # The directory may have been discarded, and made anew, between the opening and the lock.
        if not os.path.samestat(os.fstat(descriptor), path.stat()):
            raise FileNotFoundError("the run was removed")
        yield descriptor
    finally:
        os.close(descriptor)


def owner(run: RunDirectory) -> int | None:
    """The process id of the living runner, None while it has not told or when there is none."""
    with try_lock(run.lock) as mine:
        if mine is not None:
            return None
    text = run.lock.read_text(encoding="ascii")
    return int(text) if text.isdigit() else None


def seal(run: RunDirectory) -> bool:
    """End a run whose runner is gone; whether the run has no owner any more.

    Ends what the runner left behind, appends the terminal entry if it is missing (`CANCELLED` when
    the run had been asked to stop, else `RUNNER_LOST`) and removes the working files. Idempotent,
    and safe against others who do the same. Blocks. Raises FileNotFoundError when the run is gone.
    """
    with try_lock(run.lock) as mine:
        if mine is None:
            return False
        kill_all(lambda: processes_inside(run.path))
        try:
            with JournalWriter(run.journal) as journal:
                if not journal.closed:
                    cancelled = run.cancel.exists()
                    journal.append(STOPPED if cancelled else failure(ErrorCode.RUNNER_LOST))
        except JournalCorrupt:
            _log.exception("a journal cannot be ended", extra={"run_id": run.run_id})
        remove_working_files(run)
        return True
