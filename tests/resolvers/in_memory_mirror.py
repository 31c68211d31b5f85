"""A mirror without git: it believes what it is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from schema.identifiers import is_git_hash
from schema.mirror import VersionRecord


class InMemoryMirror:
    """Implements `schema.mirror.Mirror`; the bytes of a bundle are its `index.html`."""

    def __init__(self) -> None:
        self.versions: dict[str, list[tuple[VersionRecord, bytes]]] = {}

    async def receive(self, project_id: str, version: str, bundle: AsyncIterator[bytes]) -> None:
        content = b"".join([chunk async for chunk in bundle])
        if await self.find(project_id, version) is not None:
            return
        record = VersionRecord(version, "made by a test", datetime.now(UTC))
        self.versions.setdefault(project_id, []).append((record, content))

    async def head(self, project_id: str) -> str | None:
        versions = self.versions.get(project_id)
        return versions[-1][0].hash if versions else None

    async def find(self, project_id: str, version: str) -> str | None:
        hashes = [record.hash for record, _ in self.versions.get(project_id, [])]
        found = {full for full in hashes if is_git_hash(version) and full.startswith(version)}
        return found.pop() if len(found) == 1 else None

    async def history(self, project_id: str, limit: int) -> list[VersionRecord]:
        return [record for record, _ in reversed(self.versions.get(project_id, []))][:limit]

    async def files(self, project_id: str, version: str | None = None) -> list[str]:
        return ["index.html"] if project_id in self.versions else []

    async def read(self, project_id: str, path: str, version: str | None = None) -> bytes | None:
        versions = self.versions.get(project_id)
        return versions[-1][1] if versions and path == "index.html" else None

    async def diff(self, project_id: str, path: str, version: str) -> str | None:
        versions = self.versions.get(project_id, [])
        found = await self.find(project_id, version)
        hashes = [record.hash for record, _ in versions]
        if found is None or path != "index.html":
            return None if found is None else ""
        number = hashes.index(found)
        before = versions[number - 1][1] if number else b""
        after = versions[number][1]
        return "" if before == after else f"-{before.decode()}\n+{after.decode()}\n"

    async def remove(self, project_id: str) -> None:
        self.versions.pop(project_id, None)
