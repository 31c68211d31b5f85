"""The history of one project, in git's plumbing. Blocking: for worker threads."""

import os
import secrets
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from modal_app.workspace.errors import CommitMissing, WorkspaceFailed
from modal_app.workspace.fast_import import Change, CommitHeader, one_line, write_commit
from modal_app.workspace.git import Git, GitFailed
from modal_app.workspace.guard import BRANCH
from modal_app.workspace.paths import is_storable
from schema.identifiers import is_git_hash

MAX_DIFF_BYTES: Final = 4 * 2**20
MAX_BLOB_BYTES: Final = 64 * 2**20
_NONE: Final = "0" * 40
_MODES: Final = {b"100644": False, b"100755": True}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a version: its blob and size in bytes."""

    blob: str
    size: int
    executable: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """One version: full hash, first line of its message, time of the commit (UTC)."""

    hash: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit that exists, but that no branch knows."""

    commit: str
    tree: str
    ref: str


class Repository:
    """Objects and refs. Nothing here reads or writes the project's files."""

    def __init__(self, git_directory: Path) -> None:
        self._git = Git(git_directory)

    def head(self, ref: str = BRANCH) -> str | None:
        """The newest version, None before the first."""
        if not self._git.directory.joinpath("HEAD").exists():
            return None
        return self._git.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")

    def find(self, commit: str) -> str:
        """The full hash for a full or abbreviated one. Raises `CommitMissing`."""
        if not is_git_hash(commit):
            raise CommitMissing
        try:
            found = self.head(commit)
        except GitFailed:
            raise CommitMissing from None
        if found is None or not found.startswith(commit):
            raise CommitMissing
        return found

    def tree_of(self, commit: str) -> str:
        """The hash of the commit's tree: equal trees are equal files."""
        return self._git.run("rev-parse", "--verify", f"{commit}^{{tree}}").decode().strip()

    def entries(self, commit: str) -> dict[str, Entry]:
        """The files of a version by path, in git's order.

        Symbolic links, submodules and paths that a project may not have (an older system's
        versions can hold them) are left out.
        """
        listing = self._git.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        entries = {}
        for line in listing.split(b"\0")[:-1]:
            facts, _, name = line.partition(b"\t")
            mode, _kind, blob, size = facts.split()
            path = os.fsdecode(name)
            if mode in _MODES and is_storable(path):
                entries[path] = Entry(blob.decode(), int(size), _MODES[mode])
        return entries

    def blobs(self, hashes: Iterable[str]) -> Generator[bytes, None, None]:
        """The contents for each hash, in order. Close the iterator if it is not exhausted."""
        wanted = list(hashes)
        if not wanted:
            return
        with self._git.opened("cat-file", "--batch") as (writer, reader):
            for blob in wanted:
                writer.write(f"{blob}\n".encode())
                writer.flush()
                header = reader.readline(200).split()
                if len(header) != 3 or int(header[2]) > MAX_BLOB_BYTES:
                    raise WorkspaceFailed
                data = reader.read(int(header[2]))
                reader.read(1)
                yield data

    def blob(self, entry: Entry) -> bytes:
        """The contents of one file."""
        with closing(self.blobs([entry.blob])) as contents:
            return next(contents)

    def draft(
        self, parent: str | None, changes: Iterable[Change], subject: str, *, whole: bool
    ) -> Draft:
        """Write a commit. `whole`: the changes are all of its files, not edits of the parent's.

        If `changes` raises, nothing remains but unreachable objects.
        """
        ref = f"refs/staging/{secrets.token_hex(8)}"
        now = int(datetime.now(UTC).timestamp())
        header = CommitHeader(ref, parent, one_line(subject), now, whole)
        with self._git.opened("fast-import", "--quiet", "--done") as (writer, _):
            write_commit(writer, header, changes)
        commit = self.head(ref)
        if commit is None:
            raise WorkspaceFailed
        return Draft(commit, self.tree_of(commit), ref)

    def copy(self, parent: str | None, tree: str, subject: str) -> str:
        """Write a commit on top of `parent` with the files of an existing tree."""
        parents = ("-p", parent) if parent else ()
        message = one_line(subject).encode()
        return self._git.run("commit-tree", *parents, tree, stdin=message).decode().strip()

    def publish(self, commit: str, expected: str | None) -> None:
        """Make `commit` the newest version, if `expected` still is (None: there is none)."""
        self.keep(commit)
        self._git.run("update-ref", BRANCH, commit, expected or _NONE)

    def keep(self, commit: str) -> None:
        """No clean-up will ever remove this version, wherever the branch goes."""
        ref = f"refs/versions/{commit}"
        # Even to leave it as it is, git would take a lock, which a killed one may have left.
        if self.head(ref) != commit:
            self._git.run("update-ref", ref, commit)

    def drop(self, draft: Draft) -> None:
        """Forget the name that held a draft."""
        self._git.run("update-ref", "-d", draft.ref)

    def settle_branch(self) -> str | None:
        """Bring a repository of an older system onto our branch; returns the newest version."""
        newest = self.head()
        if newest is None and (newest := self.head("HEAD")) is not None:
            self.publish(newest, None)
        self._git.run("symbolic-ref", "HEAD", BRANCH)
        return newest

    def log(self, newest: str, limit: int) -> list[Commit]:
        """Up to `limit` versions, newest first."""
        output = self._git.run(
            *("log", "-z", "--no-show-signature", "--no-color", "--no-decorate", "--no-notes"),
            *(f"--max-count={limit}", "--format=%H%x00%ct%x00%s", newest),
        )
        fields = output.decode(errors="replace").removesuffix("\0").split("\0")
        return [
            Commit(hash, subject, datetime.fromtimestamp(int(at), UTC))
            for hash, at, subject in zip(fields[::3], fields[1::3], fields[2::3], strict=True)
        ]

    def diff(self, commit: str) -> str:
        """What a version changed, as a unified diff. Raises `WorkspaceFailed` above 4 MiB."""
        output = self._git.run(
            *("diff-tree", "--root", "-r", "-p", "--diff-merges=first-parent", "--no-commit-id"),
            *("--no-ext-diff", "--no-textconv", "--no-color", commit),
            limit=MAX_DIFF_BYTES,
        )
        return output.decode(errors="replace")

    def bundle(self, version: str, target: Path) -> None:
        """Write one file that holds the version and its history, as `refs/versions/<hash>`."""
        self.keep(version)
        partial = target.absolute().with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            self._git.run("bundle", "create", "--quiet", str(partial), f"refs/versions/{version}")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def unbundle(self, source: Path) -> str:
        """Take in the objects of a bundle; the version it was made for."""
        heads = self._git.run("bundle", "unbundle", str(source.absolute())).decode().split()
        if len(heads) != 2 or heads[1] != f"refs/versions/{heads[0]}":
            raise WorkspaceFailed("The bundle does not hold exactly one version")
        return self.find(heads[0])

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Whether `later` was built on `earlier`, or is the same."""
        return self._git.ask("merge-base", "--is-ancestor", earlier, later) is not None
