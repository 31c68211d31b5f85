"""Putting the files of a version on the disk. Blocking: for worker threads."""

import os
import shutil
import stat
from contextlib import closing
from hashlib import sha1
from pathlib import Path
from typing import Final

from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.repository import Entry, Repository

_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
GIT_DIRECTORY: Final = ".git"


def fill(target: Path, repository: Repository, entries: dict[str, Entry]) -> None:
    """Write the files into a directory that is empty or missing."""
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise WorkspaceFailed
    with closing(repository.blobs(entry.blob for entry in entries.values())) as contents:
        for (path, entry), data in zip(entries.items(), contents, strict=True):
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, data, entry)


def synchronise(project: Path, repository: Repository, entries: dict[str, Entry]) -> None:
    """Make the project directory hold exactly these files, beside its git directory.

    Each file is replaced in one step; what is there and equal is left alone. May be repeated
    after a crash at any point.
    """
    _clear(project, entries)
    wanted = {path: entry for path, entry in entries.items() if not _equal(project / path, entry)}
    partial = project / GIT_DIRECTORY / "dreamcore-partial"
    partial.unlink(missing_ok=True)
    with closing(repository.blobs(entry.blob for entry in wanted.values())) as contents:
        for (path, entry), data in zip(wanted.items(), contents, strict=True):
            file = project / path
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(partial, data, entry)
            partial.replace(file)


def _write(file: Path, data: bytes, entry: Entry) -> None:
    mode = 0o755 if entry.executable else 0o644
    with os.fdopen(os.open(file, _CREATE, mode), "wb") as stream:
        os.fchmod(stream.fileno(), mode)
        stream.write(data)


def _clear(project: Path, entries: dict[str, Entry]) -> None:
    """Remove everything that is no file of the version and no directory on the way to one."""
    parents = {str(parent) for path in entries for parent in Path(path).parents}
    for directory, names, files in os.walk(project):
        here = Path(directory)
        for name in (*names, *files):
            path = here / name
            relative = path.relative_to(project).as_posix()
            if relative == GIT_DIRECTORY:
                continue
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                if relative not in parents:
                    shutil.rmtree(path)
            elif relative not in entries or not stat.S_ISREG(mode):
                path.unlink()
        names[:] = [
            name for name in names if (here / name).relative_to(project).as_posix() in parents
        ]


def _equal(file: Path, entry: Entry) -> bool:
    try:
        facts = file.lstat()
        if facts.st_size != entry.size or bool(facts.st_mode & stat.S_IXUSR) != entry.executable:
            return False
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest() == entry.blob
