"""One bare repository of the mirror. Blocking: for worker threads.

HEAD, config                 written once, by us
refs/heads/main              the newest version
refs/versions/<hash>         every version that was ever received
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import IO, Final

from adapters.mirror.bundle import read_head
from adapters.mirror.git import MAX_OUTPUT_BYTES, GitFailed, run_git
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_git_hash
from schema.mirror import VersionRecord

BRANCH: Final = "refs/heads/main"
MAX_BLOB_BYTES: Final = 64 * 2**20
MAX_DIFF_BYTES: Final = 4 * 2**20
_MAX_PACKS: Final = 8
_CONFIG: Final = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
_MODES: Final = (b"100644", b"100755")
_LATEST: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a version: the hash of its contents, and their size in bytes."""

    blob: str
    size: int


def create(directory: Path) -> None:
    """An empty repository at a path where nothing is."""
    for name in ("objects/info", "objects/pack", "refs/heads", "refs/versions"):
        (directory / name).mkdir(parents=True)
    (directory / "config").write_text(_CONFIG)
    (directory / "HEAD").write_text(f"ref: {BRANCH}\n")


@dataclass(frozen=True, slots=True)
class Repository:
    """Objects and refs below one directory."""

    directory: Path

    def find(self, name: str = BRANCH) -> str | None:
        """The full hash of a commit, given by hash (or its beginning) or ref."""
        if not self.directory.is_dir():
            return None
        try:
            found = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitFailed as failure:
            # 1: no such commit; 128: an abbreviation of several, or of something else.
            if failure.status == 1 or (failure.status == 128 and is_git_hash(name)):
                return None
            raise
        return found.decode().strip()

    def take(self, bundle: FileIO, version: str) -> str:
        """Add the objects of a bundle, and make `version` the newest unless the newest was built
        on it. Returns the newest.

        Every object is checked, and so is that each one it refers to is there. The refs move
        together, last. Raises `DreamCoreError(WORKSPACE_ERROR)`.
        """
        if version not in read_head(bundle).commits:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        self._clear(version)
        self._run("index-pack", "--stdin", "--strict", "--fix-thin", stdin=bundle)
        if self.find(version) != version:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        present = self.find()
        newest = present if present and self._is_built_on(present, version) else version
        updates = f"update refs/versions/{version} {version}\nupdate {BRANCH} {newest}\n"
        self._run("update-ref", "--stdin", stdin=f"start\n{updates}commit\n".encode())
        return newest

    def tidy(self) -> None:
        """Each bundle brings its whole history: keep every object once."""
        if sum(1 for _ in (self.directory / "objects/pack").glob("*.pack")) > _MAX_PACKS:
            # What was taken in stays; the next version tries again, and git.py has logged it.
            with suppress(GitFailed):
                self._run("repack", "-a", "-d", "-q")

    def entries(self, commit: str) -> dict[str, Entry]:
        """The files of a version, sorted by path.

        Links, submodules, hidden files and names that are not text are left out.
        """
        listing = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        entries = {}
        for line in listing.split(b"\0")[:-1]:
            facts, _, name = line.partition(b"\t")
            mode, _kind, blob, size = facts.split()
            path = _text(name)
            if mode in _MODES and path is not None and not _is_hidden(path):
                entries[path] = Entry(blob.decode(), int(size))
        return dict(sorted(entries.items()))

    def contents(self, entries: Sequence[Entry]) -> dict[str, bytes]:
        """What files hold, by the hash of the contents."""
        asked = "".join(f"{entry.blob}\n" for entry in entries).encode()
        limit = sum(entry.size + 200 for entry in entries)
        output = memoryview(self._run("cat-file", "--batch", stdin=asked, limit=limit))
        found, position = {}, 0
        for entry in entries:
            header = f"{entry.blob} blob {entry.size}\n".encode()
            start = position + len(header)
            position = start + entry.size + 1
            if output[start - len(header) : start] != header or position > len(output):
                raise GitFailed(None)
            found[entry.blob] = bytes(output[start : start + entry.size])
        return found

    def log(self, newest: str, limit: int) -> list[VersionRecord]:
        """Up to `limit` versions, newest first."""
        output = self._run(
            *("log", "-z", "--no-show-signature", "--no-color", "--no-decorate", "--no-notes"),
            *(f"--max-count={limit}", "--format=%H%x00%at%x00%s", newest),
        )
        fields = output.decode(errors="replace").removesuffix("\0").split("\0")
        return [
            VersionRecord(hash, subject, datetime.fromtimestamp(min(int(at), _LATEST), UTC))
            for hash, at, subject in zip(fields[::3], fields[1::3], fields[2::3], strict=True)
        ]

    def diff(self, commit: str, path: str) -> str:
        """What a version changed in one file, against its first parent."""
        output = self._run(
            *("--literal-pathspecs", "diff-tree", "--root", "-r", "-p", "--no-commit-id"),
            *("--diff-merges=first-parent", "--no-ext-diff", "--no-textconv", "--no-color"),
            *(commit, "--", path),
            limit=MAX_DIFF_BYTES,
        )
        return output.decode(errors="replace")

    def _is_built_on(self, later: str, earlier: str) -> bool:
        try:
            self._run("merge-base", "--is-ancestor", earlier, later)
        except GitFailed as failure:
            if failure.status == 1:
                return False
            raise
        return True

    def _clear(self, version: str) -> None:
        """Remove what a git left behind that was killed; we are the only writer."""
        for name in ("packed-refs", "HEAD", BRANCH, f"refs/versions/{version}"):
            (self.directory / f"{name}.lock").unlink(missing_ok=True)
        for pattern in ("tmp_*", ".tmp-*"):
            for leftover in (self.directory / "objects/pack").glob(pattern):
                leftover.unlink(missing_ok=True)

    def _run(
        self, *arguments: str, stdin: bytes | IO[bytes] = b"", limit: int = MAX_OUTPUT_BYTES
    ) -> bytes:
        return run_git(self.directory, *arguments, stdin=stdin, limit=limit)


def _text(name: bytes) -> str | None:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return None


def _is_hidden(path: str) -> bool:
    return any(name.startswith(".") for name in path.split("/"))
