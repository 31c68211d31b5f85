"""A mirror that a test can hold up or break."""

import asyncio

from schema.errors import DreamCoreError, ErrorCode
from schema.mirror import VersionRecord
from tests.resolvers.in_memory_mirror import InMemoryMirror


class HeldMirror(InMemoryMirror):
    """A mirror that makes who asks wait while it is held, or breaks; while it is `failing` git
    does not do what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self.broken = False
        self.failing = False

    async def head(self, project_id: str) -> str | None:
        await self._wait()
        return await super().head(project_id)

    async def history(self, project_id: str, limit: int) -> list[VersionRecord]:
        await self._wait()
        self._fail()
        return await super().history(project_id, limit)

    async def diff(self, project_id: str, path: str, version: str) -> str | None:
        self._fail()
        diff = await super().diff(project_id, path, version)
        return f"diff --git a/{path} b/{path}\n{diff}" if diff else diff

    async def _wait(self) -> None:
        self.asked.set()
        await self.free.wait()
        if self.broken:
            raise OSError("no such disk")

    def _fail(self) -> None:
        if self.failing:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
