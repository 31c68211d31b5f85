"""Projects with a history, made with git itself, and the bundles of their versions."""

import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

_ENVIRONMENT: Final = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A Player",
    "GIT_AUTHOR_EMAIL": "player@example.com",
    "GIT_COMMITTER_NAME": "A Player",
    "GIT_COMMITTER_EMAIL": "player@example.com",
}


class Source:
    """A work tree of a project."""

    def __init__(self, directory: Path) -> None:
        self.directory: Final = directory
        directory.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git in the work tree; what it says."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.directory,
            env=_ENVIRONMENT,
            input=stdin,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def commit(
        self, files: Mapping[str, bytes], subject: str = "A version", at: int = 1_769_483_504
    ) -> str:
        """Add files and commit; the full hash."""
        for path, data in files.items():
            target = self.directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", f"--date={at} +0900", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def bundle(self, *revisions: str) -> bytes:
        """A bundle of `main`, or of the given revisions."""
        target = self.directory.with_suffix(".bundle")
        self.git("bundle", "create", "--quiet", str(target), *(revisions or ("main",)))
        return target.read_bytes()


async def pieces(data: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    """The data as it comes from a network."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
