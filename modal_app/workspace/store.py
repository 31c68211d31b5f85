"""What can be done to one project, step by step. Blocking: for worker threads.

The order of the steps is what survives a crash: objects first, under a name nobody reads; then
the branch, moved only from the version that the work was based on; then the files in the project
directory. A note in the git directory says which version those show; when it differs from the
branch, they are repaired before anything else is done.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from modal_app.workspace import guard
from modal_app.workspace.disk import GIT_DIRECTORY, fill, synchronise
from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.fast_import import Change
from modal_app.workspace.paths import parse_path
from modal_app.workspace.repository import Draft, Entry, Repository
from modal_app.workspace.scan import FoundFile, WorkspaceLimits, scan
from schema.errors import DreamCoreError, ErrorCode

_NOTE: Final = "dreamcore-files"
_UNKNOWN: Final = "unknown"
_ADOPTED: Final = "Initial commit (auto-initialized)"
_FOUND: Final = "Changes found in the project"
# What an older system kept is kept, even where our limits are narrower.
_ADOPTION: Final = WorkspaceLimits(files=50_000, total_bytes=2**30, file_bytes=64 * 2**20)


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to write, or to delete when `content` is None."""

    path: str
    content: bytes | None


class ProjectStore:
    """One project directory and its history. Methods that write need the project's lock."""

    def __init__(self, project: Path, limits: WorkspaceLimits) -> None:
        self.project: Final = project
        self.git_directory: Final = project / GIT_DIRECTORY
        self.repository: Final = Repository(self.git_directory)
        self._limits = limits

    def settled(self) -> bool:
        """Whether nothing has to be created, adopted or repaired. Disarms what it finds."""
        if not self.git_directory.is_dir():
            return False
        guard.disarm(self.git_directory)
        return self._note() == (self.repository.head() or "")

    def settle(self) -> None:
        """Create the repository, take over files of an older system, or mend after a crash."""
        guard.ensure(self.git_directory)
        note = self._note()
        newest = self.repository.settle_branch()
        if note is None and any(path.name != GIT_DIRECTORY for path in self.project.iterdir()):
            files = scan(self.project, _ADOPTION)
            newest = self._commit_files(newest, files, _FOUND if newest else _ADOPTED) or newest
        if note != (newest or ""):
            self._show(newest)

    def commit(self, source: Path, subject: str) -> str | None:
        """See `Workspace.commit`."""
        newest = self.repository.head()
        version = self._commit_files(newest, scan(source, self._limits), subject)
        return self._shown(version)

    def apply(self, changes: Sequence[FileChange], subject: str) -> str | None:
        """See `Workspace.apply`."""
        newest = self.repository.head()
        entries = self.repository.entries(newest) if newest else {}
        drafted = list(_drafted(changes, entries))
        self._check(drafted, entries)
        draft = self.repository.draft(newest, drafted, subject, whole=False)
        return self._shown(self._publish(draft, newest))

    def restore(self, commit: str, subject: str | None) -> str | None:
        """See `Workspace.restore`."""
        newest = self.repository.head()
        found = self.repository.find(commit)
        tree = self.repository.tree_of(found)
        if newest is not None and tree == self.repository.tree_of(newest):
            return None
        version = self.repository.copy(newest, tree, subject or f"Restored to {found[:7]}")
        self.repository.publish(version, newest)
        return self._shown(version)

    def seed(self, bundle: Path) -> str:
        """See `Workspace.seed`."""
        newest = self.repository.head()
        version = self.repository.unbundle(bundle)
        if newest is None or self.repository.is_ancestor(newest, version):
            self.repository.publish(version, newest)
            self._show(version)
        elif not self.repository.is_ancestor(version, newest):
            raise WorkspaceFailed("The bundle's history is not this project's")
        return version

    def checkout(self, target: Path) -> str | None:
        """See `Workspace.checkout`."""
        newest = self.repository.head()
        fill(target, self.repository, self.repository.entries(newest) if newest else {})
        return newest

    def set_aside(self) -> None:
        """Take the whole project away in one step; `clear_aside` removes it."""
        self.clear_aside()
        self.project.rename(self._aside)

    def clear_aside(self) -> None:
        """Remove what was set aside, by an earlier process too. Raises OSError."""
        if self._aside.exists():
            shutil.rmtree(self._aside)

    @property
    def _aside(self) -> Path:
        return self.project.with_name(f".{self.project.name}.deleted")

    def _commit_files(
        self, newest: str | None, files: Iterator[FoundFile], subject: str
    ) -> str | None:
        changes = (Change(file.path, file.data, file.executable) for file in files)
        return self._publish(self.repository.draft(newest, changes, subject, whole=True), newest)

    def _publish(self, draft: Draft, newest: str | None) -> str | None:
        """Move the branch, unless the files are those of `newest` (or there are none at all)."""
        try:
            if newest is not None:
                unchanged = draft.tree == self.repository.tree_of(newest)
            else:
                unchanged = not self.repository.entries(draft.commit)
            if unchanged:
                return None
            self.repository.publish(draft.commit, newest)
            return draft.commit
        finally:
            self.repository.drop(draft)

    def _shown(self, version: str | None) -> str | None:
        if version is not None:
            self._show(version)
        return version

    def _show(self, version: str | None) -> None:
        note = self.git_directory / _NOTE
        guard.write_atomically(note, _UNKNOWN.encode())
        entries = self.repository.entries(version) if version else {}
        synchronise(self.project, self.repository, entries)
        guard.write_atomically(note, (version or "").encode())

    def _note(self) -> str | None:
        try:
            return (self.git_directory / _NOTE).read_text()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _check(self, changes: Iterable[Change], entries: dict[str, Entry]) -> None:
        sizes = {path: entry.size for path, entry in entries.items()}
        for change in changes:
            sizes.pop(change.path, None)
            if change.data is not None:
                sizes[change.path] = len(change.data)
        self._limits.check(len(sizes), sum(sizes.values()), max(sizes.values(), default=0))
        for path in sizes:
            if any(parent in sizes for parent in _parents(path)):
                raise DreamCoreError(ErrorCode.INVALID_INPUT, "Invalid file path")


def _drafted(changes: Sequence[FileChange], entries: dict[str, Entry]) -> Iterator[Change]:
    """Validated, each path once; a file that exists stays executable if it was.

    Deletions come first, so that a directory can take the place of a file in one go.
    """
    paths = [parse_path(change.path) for change in changes]
    if len(set(paths)) != len(paths):
        raise DreamCoreError(ErrorCode.INVALID_INPUT, "A file is named twice")
    for change in sorted(changes, key=lambda change: change.content is not None):
        before = entries.get(change.path)
        if change.content is not None:
            yield Change(change.path, change.content, before is not None and before.executable)
        elif before is not None:
            yield Change(change.path, None)


def _parents(path: str) -> Iterator[str]:
    names = path.split("/")[:-1]
    return ("/".join(names[: count + 1]) for count in range(len(names)))
