"""The last resort of cleaning up: ending processes that a killed runner has left behind.

A process belongs to a run when its working directory, HOME or TMPDIR lies in the run's directory.
Only Linux tells (`/proc`); elsewhere nothing is found and the sandbox's own means have to do.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

_PROC: Final = Path("/proc")
_NAMES: Final = (b"HOME=", b"TMPDIR=")
_ATTEMPTS: Final = 100
_PAUSE_SECONDS: Final = 0.02


def processes_inside(directory: Path) -> list[int]:
    """Ids of the living processes that belong to the run in `directory`, never the caller's own."""
    if not _PROC.is_dir():
        return []
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _belongs(entry, directory):
            found.append(int(entry.name))
    return found


def kill_all(find: Callable[[], list[int]]) -> None:
    """Kill what `find` returns until it returns nothing; gives up after two seconds. Blocks."""
    pause = Event()
    for _ in range(_ATTEMPTS):
        found = find()
        if not found:
            return
        for process in found:
            send_signal(process, signal.SIGKILL)
        pause.wait(_PAUSE_SECONDS)


def send_signal(process: int, number: signal.Signals) -> None:
    """Signal one process; that it is gone already is not an error."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _belongs(process: Path, directory: Path) -> bool:
    prefixes = [os.fsencode(path) for path in (directory, directory.resolve())]
    try:
        places = [os.fsencode((process / "cwd").readlink())]
        variables = (process / "environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, a zombie, or somebody else's
        return False
    places += [item.partition(b"=")[2] for item in variables if item.startswith(_NAMES)]
    return any(
        place == prefix or place.startswith(prefix + b"/")
        for place in places
        for prefix in prefixes
    )
