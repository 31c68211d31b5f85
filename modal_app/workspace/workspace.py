"""The files and the history of one project, for the event loop."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final, TypeVar

from anyio import to_thread

from modal_app.workspace import guard
from modal_app.workspace.errors import FileMissing, WorkspaceBusy, WorkspaceFailed
from modal_app.workspace.paths import is_hidden, is_text, parse_path
from modal_app.workspace.repository import Commit
from modal_app.workspace.scan import WorkspaceLimits
from modal_app.workspace.store import FileChange, ProjectStore
from schema.identifiers import parse_uuid

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)

MAX_HISTORY: Final = 1_000


class Workspace:
    """One project under `data_root/users/{user_id}/projects/{project_id}`.

    What is read is the newest version, never files that somebody is writing. The first use makes
    the repository, and takes over what an older system has left there; only reading a project
    that does not exist leaves no trace. Operations run in worker threads and, once begun, to
    their end: a caller that is cancelled leaves no half of one, and does not wait for it.

    Every method may raise `WorkspaceFailed`; those that write raise `WorkspaceBusy` when another
    holder has the lock. Source: `contract/legacy-modal.md` §3, §7 D-20 … D-32.
    """

    def __init__(
        self,
        data_root: Path,
        user_id: str,
        project_id: str,
        limits: WorkspaceLimits | None = None,
    ) -> None:
        """Raises `DreamCoreError(INVALID_INPUT)` when an id is no UUID."""
        owner = parse_uuid(user_id, "user_id")
        project = parse_uuid(project_id, "project_id")
        self._root = data_root
        self._location = Path("users", owner, "projects", project)
        self._store = ProjectStore(data_root / self._location, limits or WorkspaceLimits())
        self._held = False
        self._one_writer = RLock()

    @property
    def directory(self) -> Path:
        """The project directory: the files of the newest version, and `.git`."""
        return self._store.project

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep everybody else from writing, for the length of a run.

        Entering raises `WorkspaceBusy` when another holds it, in this process or another. The
        methods of this object work meanwhile; without it each takes the lock for itself. Leaving
        waits for what is still written for a caller that was cancelled.
        """
        self._stay_inside()
        with guard.exclusive(self._store.git_directory):
            self._held = True
            try:
                yield
            finally:
                with self._one_writer:  # blocks only where a caller was cancelled
                    self._held = False

    async def checkout(self, target: Path) -> str | None:
        """Put the newest version's files into `target`, an empty or missing directory.

        Returns its full hash, None (and no file) when there is no version yet.
        """
        return await self._reading(lambda: self._store.checkout(target))

    async def commit(self, source: Path, subject: str) -> str | None:
        """Make a version of exactly the files of `source`; the full hash, None if none changed.

        Left out are symbolic links, everything that is no regular file, and reserved names
        (`paths.is_reserved`: `.git`, `.gitmodules`, `.claude` …). Raises `WorkspaceFailed` naming
        the limit that the files break.
        """
        return await self._writing(lambda: self._store.commit(source, subject))

    async def apply(self, changes: Sequence[FileChange], subject: str) -> str | None:
        """Make a version with all of these changes, or none if one of them is bad.

        Raises `DreamCoreError(INVALID_INPUT)` for a path that `parse_path` refuses, a path
        named twice, or a file in the place of a directory. Deleting what is not there is no change.
        """
        return await self._writing(lambda: self._store.apply(changes, subject))

    async def restore(self, commit: str, subject: str | None = None) -> str | None:
        """Make a new version with the files of an earlier one; None if they are the present ones.

        Raises `CommitMissing`.
        """
        return await self._writing(lambda: self._store.restore(commit, subject))

    async def seed(self, bundle: Path) -> str:
        """Take over the version of a bundle and its history; returns the version.

        It becomes the newest when there is none, or when it was built on the newest; a version
        that the project has had already changes nothing. Raises `WorkspaceFailed` for the
        history of another project.
        """
        return await self._writing(lambda: self._store.seed(bundle))

    async def delete(self) -> None:
        """Remove files and history; a project that does not exist is gone already."""
        await to_thread.run_sync(_told_plainly, self._delete)

    async def head(self) -> str | None:
        """The full hash of the newest version, None before the first."""
        return await self._reading(self._store.repository.head)

    async def files(self) -> list[str]:
        """The paths of the newest version, sorted; no hidden ones, none that is not text."""

        def listed() -> list[str]:
            newest = self._store.repository.head()
            entries = self._store.repository.entries(newest) if newest else {}
            return sorted(path for path in entries if is_text(path) and not is_hidden(path))

        return await self._reading(listed)

    async def read(self, path: str) -> bytes:
        """A file of the newest version, hidden ones too. Raises `FileMissing`."""
        name = parse_path(path)

        def found() -> bytes:
            newest = self._store.repository.head()
            entry = self._store.repository.entries(newest).get(name) if newest else None
            if entry is None:
                raise FileMissing
            return self._store.repository.blob(entry)

        return await self._reading(found)

    async def history(self, limit: int) -> list[Commit]:
        """Up to `limit` (1 … 1000) versions, newest first."""

        def listed() -> list[Commit]:
            newest = self._store.repository.head()
            count = max(1, min(limit, MAX_HISTORY))
            return self._store.repository.log(newest, count) if newest else []

        return await self._reading(listed)

    async def diff(self, commit: str) -> str:
        """What a version changed, as a unified diff. Raises `CommitMissing`."""
        repository = self._store.repository
        return await self._reading(lambda: repository.diff(repository.find(commit)))

    async def bundle(self, version: str, target: Path) -> None:
        """Write a git bundle of the version and its history. Raises `CommitMissing`."""
        repository = self._store.repository
        await self._reading(lambda: repository.bundle(repository.find(version), target))

    async def _writing(self, operation: Callable[[], T]) -> T:
        return await to_thread.run_sync(_told_plainly, lambda: self._write(operation))

    async def _reading(self, operation: Callable[[], T]) -> T:
        return await to_thread.run_sync(_told_plainly, lambda: self._read(operation))

    def _write(self, operation: Callable[[], T]) -> T:
        with self._one_writer:
            if self._held:
                return self._settled_then(operation)
            with self.lock():
                return self._settled_then(operation)

    def _settled_then(self, operation: Callable[[], T]) -> T:
        if not self._store.settled():
            self._store.settle()
        return operation()

    def _read(self, operation: Callable[[], T]) -> T:
        self._stay_inside()
        if self.directory.is_dir() and not self._store.settled():
            # Busy: the holder settles it, and what is committed can be read meanwhile.
            with suppress(WorkspaceBusy):
                self._write(lambda: None)
        return operation()

    def _delete(self) -> None:
        if self.directory.is_dir():
            with self.lock():
                self._store.set_aside()
        self._store.clear_aside()

    def _stay_inside(self) -> None:
        """Nobody has put a link in the place of one of our directories."""
        if self.directory.resolve() != self._root.resolve() / self._location:
            raise WorkspaceFailed


def _told_plainly(operation: Callable[[], T]) -> T:
    """What the disk refuses is a failed workspace; the reason is for the log alone."""
    try:
        return operation()
    except OSError as error:
        _log.exception("workspace failed", extra={"errno": error.errno})
        raise WorkspaceFailed from error
