"""The processes of a run, as the operating system sees them."""

import psutil

from modal_app.settings import Settings
from tests.modal_app.execution import (
    Run,
)


def runner_of(settings: Settings, run: Run) -> psutil.Process:
    """The living runner of a run."""
    return psutil.Process(int(settings.layout.run(run.run_id).lock.read_text()))


def processes_of(run: Run) -> list[psutil.Process]:
    """Everything alive whose command line, directory or HOME names the run."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd(), process.environ().get("HOME", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if any(run.run_id in word for word in words):
            found.append(process)
    return found
