"""Where the execution side keeps its files.

Under one root: `data/users/{user}/projects/{project}/` and `global/` (the two volumes of the
contract, `contract/legacy-modal.md` §3) and `runs/{run_id}/`. With the root `/` these are the mount
points of the deployed application. Every identifier is checked before it becomes a path.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schema.identifiers import parse_uuid

# Names below `runs/` that are not runs: directories under construction, and those on their way out.
HIDDEN_PREFIX: Final = "."


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The files of one run.

    `journal` is the numbered record of events and `lock` is held as long as the runner lives (its
    text is the runner's process id). `cancel` exists once somebody asked the run to stop. `work`,
    `home` and `temporary` belong to the agent and are removed at the end.
    """

    path: Path

    @property
    def run_id(self) -> str:
        return self.path.name

    @property
    def request(self) -> Path:
        return self.path / "request.json"

    @property
    def journal(self) -> Path:
        return self.path / "journal.ndjson"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def cancel(self) -> Path:
        return self.path / "cancel"

    @property
    def log(self) -> Path:
        return self.path / "runner.log"

    @property
    def work(self) -> Path:
        return self.path / "work"

    @property
    def home(self) -> Path:
        return self.path / "home"

    @property
    def temporary(self) -> Path:
        return self.path / "tmp"


@dataclass(frozen=True, slots=True)
class Layout:
    """The directories of one execution application."""

    root: Path

    @property
    def data(self) -> Path:
        """The volume of projects."""
        return self.root / "data"

    @property
    def shared(self) -> Path:
        """The volume that all runs may read: skills and scripts."""
        return self.root / "global"

    @property
    def runs(self) -> Path:
        """All runs, one directory each."""
        return self.root / "runs"

    def run(self, run_id: str) -> RunDirectory:
        """The directory of one run. Raises INVALID_INPUT for anything but a UUID."""
        return RunDirectory(self.runs / parse_uuid(run_id, "run_id"))

    def all_runs(self) -> list[RunDirectory]:
        """Every run on disk, in no particular order."""
        if not self.runs.is_dir():
            return []
        return [
            RunDirectory(path)
            for path in self.runs.iterdir()
            if not path.name.startswith(HIDDEN_PREFIX)
        ]

    def leftovers(self) -> list[Path]:
        """Directories that a crash left half made or half removed."""
        if not self.runs.is_dir():
            return []
        return [path for path in self.runs.iterdir() if path.name.startswith(HIDDEN_PREFIX)]
