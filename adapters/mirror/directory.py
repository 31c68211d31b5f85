"""Where the repositories lie. Blocking: for worker threads.

<project id>.git     a project with at least one version
incoming/            what is being received or removed; emptied when the directory is opened
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

from adapters.mirror.repository import Repository, create

_INCOMING: Final = "incoming"


@dataclass(frozen=True, slots=True)
class Directory:
    """Repositories by project id; no other process writes here."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Make it if it is missing; what an earlier process left half-done goes."""
        shutil.rmtree(path / _INCOMING, ignore_errors=True)
        (path / _INCOMING).mkdir(parents=True)
        return cls(path)

    @property
    def incoming(self) -> Path:
        """For files that are not whole yet."""
        return self.path / _INCOMING

    def repository(self, project: str) -> Repository:
        """The project's, which may not exist."""
        return Repository(self.path / f"{project}.git")

    def take(self, project: str, version: str, file: int) -> str:
        """Take a bundle in, from the beginning of an open file (a descriptor); the newest version.

        Raises `DreamCoreError(WORKSPACE_ERROR)`; the project is then as it was.
        """
        with FileIO(file, closefd=False) as bundle, self._target(project) as repository:
            bundle.seek(0)
            return repository.take(bundle, version)

    def delete(self, project: str) -> None:
        """Forget the project at once; its files go after that."""
        trash = self._aside()
        try:
            self.repository(project).directory.rename(trash)
        except FileNotFoundError:
            return
        shutil.rmtree(trash, ignore_errors=True)

    @contextmanager
    def _target(self, project: str) -> Iterator[Repository]:
        """A first version is taken in aside: without it the project stays unknown."""
        repository = self.repository(project)
        if repository.directory.is_dir():
            yield repository
            return
        made = Repository(self._aside())
        try:
            create(made.directory)
            yield made
            made.directory.rename(repository.directory)
        finally:
            shutil.rmtree(made.directory, ignore_errors=True)

    def _aside(self) -> Path:
        return self.incoming / token_hex(8)
