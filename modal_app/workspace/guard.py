"""Making and keeping a git directory that can do nothing but hold objects and refs."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Final

from modal_app.workspace.errors import WorkspaceBusy, WorkspaceFailed

BRANCH: Final = "refs/heads/main"
_HEAD: Final = f"ref: {BRANCH}\n".encode()
_CONFIG: Final = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
_LOCK: Final = "dreamcore.lock"
_DIRECTORIES: Final = (
    *("", "objects", "objects/info", "objects/pack", "info"),
    *("refs", "refs/heads", "refs/versions"),
)
# Each can make git run a program, or look for objects and settings somewhere else.
_DANGEROUS: Final = (
    "hooks",
    "commondir",
    "config.worktree",
    "worktrees",
    "info/attributes",
    "info/grafts",
    "objects/info/alternates",
    "objects/info/http-alternates",
)
# Left by a git that was killed; only a writer may judge that, and our lock names one writer.
_STALE: Final = (
    "HEAD.lock",
    "config.lock",
    "packed-refs.lock",
    f"{BRANCH}.lock",
    "refs/staging",
)
_STALE_VERSIONS: Final = "refs/versions/*.lock"


def ensure(git_directory: Path) -> None:
    """Create what git needs to see a repository, where it is missing. Existing refs stay."""
    _real_directory(git_directory)
    for name in ("objects/info", "objects/pack", "refs/heads", "info"):
        (git_directory / name).mkdir(parents=True, exist_ok=True)
    if not (git_directory / "HEAD").exists():
        write_atomically(git_directory / "HEAD", _HEAD)
    disarm(git_directory)


def disarm(git_directory: Path) -> None:
    """Take away what somebody with access to the volume may have planted.

    Raises `WorkspaceFailed` when the directory or its object store is not a directory of its own.
    """
    _real_directories(git_directory)
    config = git_directory / "config"
    if config.is_symlink() or not config.is_file() or config.read_bytes() != _CONFIG:
        write_atomically(config, _CONFIG)
    for name in _DANGEROUS:
        _remove(git_directory / name)


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the file (or a link of that name) in one step, on the disk before its name is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    with temporary.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def exclusive(git_directory: Path) -> Iterator[None]:
    """The lock of a project: one holder among all processes of this machine, freed by death
    (some milliseconds later if the dead process was just starting a git).

    Raises `WorkspaceBusy` at once when somebody holds it.
    """
    _real_directory(git_directory)
    git_directory.mkdir(parents=True, exist_ok=True)
    _real_directories(git_directory)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(git_directory / _LOCK, flags, 0o600)
    try:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise WorkspaceBusy from None
        for path in (*map(git_directory.joinpath, _STALE), *git_directory.glob(_STALE_VERSIONS)):
            _remove(path)
        yield
    finally:
        os.close(descriptor)


def _real_directories(git_directory: Path) -> None:
    for name in _DIRECTORIES:
        _real_directory(git_directory / name)


def _real_directory(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise WorkspaceFailed("The project's history is damaged")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
