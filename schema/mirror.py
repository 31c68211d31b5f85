"""The gateway's copy of every project's versions, from which games are served."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One commit: its full hash, its subject (one line, any characters) and its time."""

    hash: str
    subject: str
    at: datetime


class Mirror(Protocol):
    """Bare git repositories, one a project. Execution owns the files; this follows it.

    Reading never shows a half-received version. A project without any version is not known here.
    """

    async def receive(self, project_id: str, version: str, bundle: AsyncIterator[bytes]) -> None:
        """Take in a git bundle that holds `version` with its history, and make it the newest.

        A version that the newest was built on changes nothing: bundles may come late. Raises
        `DreamCoreError(WORKSPACE_ERROR)` when the bundle is damaged, too large or does not hold
        the version; the project is then as it was.
        """
        ...

    async def head(self, project_id: str) -> str | None:
        """Full hash of the newest version, None without one."""
        ...

    async def find(self, project_id: str, version: str) -> str | None:
        """Full hash of a version, given by 7 to 40 digits of its hash; None when it is unknown."""
        ...

    async def history(self, project_id: str, limit: int) -> list[VersionRecord]:
        """Newest first, at most `limit`."""
        ...

    async def files(self, project_id: str, version: str | None = None) -> list[str]:
        """Paths of the newest or the named version, sorted; nothing hidden."""
        ...

    async def read(self, project_id: str, path: str, version: str | None = None) -> bytes | None:
        """A file's bytes, None when it does not exist. Hidden files do not exist."""
        ...

    async def diff(self, project_id: str, path: str, version: str) -> str | None:
        """What the version changed in one file, against the version before it: a unified diff.

        Empty when it left the file alone, None when the version is unknown. Raises
        `DreamCoreError(WORKSPACE_ERROR)` above 4 MiB.
        """
        ...

    async def remove(self, project_id: str) -> None:
        """Forget the project."""
        ...
