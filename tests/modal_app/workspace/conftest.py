"""A project under a fresh data root, and short ways to write and read directories."""

import os
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from modal_app.workspace.workspace import Workspace

USER = "550e8400-e29b-41d4-a716-446655440000"
PROJECT = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

Written = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def workspace(data_root: Path) -> Workspace:
    return Workspace(data_root, USER, PROJECT)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A new directory with these text files."""
    count = iter(range(1_000))

    def write(files: Mapping[str, str]) -> Path:
        directory = tmp_path / f"source-{next(count)}"
        write_files(directory, files)
        return directory

    return write


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def read_files(directory: Path) -> dict[str, str]:
    """Every entry but directories and `.git`; what is no regular file is told by its type."""
    found = {}
    for path in directory.rglob("*"):
        name = path.relative_to(directory).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode) or name.split("/")[0] == ".git":
            continue
        found[name] = path.read_bytes().decode() if stat.S_ISREG(mode) else stat.filemode(mode)
    return found


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def git(directory: Path, *arguments: str) -> str:
    """The installed git as anybody would use it, without this machine's settings."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(directory),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "someone",
        "GIT_AUTHOR_EMAIL": "someone@example.invalid",
        "GIT_COMMITTER_NAME": "someone",
        "GIT_COMMITTER_EMAIL": "someone@example.invalid",
    }
    command = ["git", "-c", "safe.directory=*", "-C", str(directory), *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    return done.stdout.decode()
