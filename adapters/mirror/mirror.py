"""`schema.mirror.Mirror` over bare git repositories in a directory."""

import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from io import BufferedRandom
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Self, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from adapters.mirror.cache import BoundedCache
from adapters.mirror.directory import Directory
from adapters.mirror.repository import MAX_BLOB_BYTES, Entry
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_git_hash, is_uuid, parse_uuid
from schema.mirror import VersionRecord

MAX_BUNDLE_BYTES: Final = 200 * 2**20
_READERS: Final = 4
_WRITERS: Final = 2
_STRIPES: Final = 64
_SMALL_BYTES: Final = 2**20
_PREFETCH_BYTES: Final = 8 * 2**20
_CACHED_BYTES: Final = 64 * 2**20
_CACHED_ENTRIES: Final = 200_000
_CACHED_HEADS: Final = 100_000

Result = TypeVar("Result")
Entries = dict[str, Entry]

logger = logging.getLogger(__name__)


class GitMirror:
    """One repository a project; see `directory.py`.

    What is served again and again comes from memory: heads, listings, and contents by hash. The
    first file of a version brings its other small files along, in one run of git.
    """

    def __init__(self, directory: Directory, max_bundle_bytes: int = MAX_BUNDLE_BYTES) -> None:
        self._directory: Final = directory
        self._max_bundle_bytes: Final = max_bundle_bytes
        self._readers: Final = CapacityLimiter(_READERS)
        self._writers: Final = CapacityLimiter(_WRITERS)
        self._writing: Final = [anyio.Lock() for _ in range(_STRIPES)]
        # One request asks git; the others that came with it find the answer in memory.
        self._loading: Final = [anyio.Lock() for _ in range(_STRIPES)]
        self._heads: Final = BoundedCache[str, str](_CACHED_HEADS, lambda _: 1)
        self._listings: Final = BoundedCache[tuple[str, str], Entries](
            _CACHED_ENTRIES, lambda entries: 1 + len(entries)
        )
        self._blobs: Final = BoundedCache[tuple[str, str], bytes](_CACHED_BYTES, len)
        # Counts what moved a head, so that one read before that is not remembered after it.
        self._moves = 0

    @classmethod
    def open(cls, directory: Path, *, max_bundle_bytes: int = MAX_BUNDLE_BYTES) -> Self:
        """The mirror of a directory, which is made. No other process may have it open."""
        return cls(Directory.open(directory), max_bundle_bytes)

    async def receive(self, project_id: str, version: str, bundle: AsyncIterator[bytes]) -> None:
        """See `Mirror.receive`; `version` is a full hash."""
        project = parse_uuid(project_id, "projectId")
        if not is_git_hash(version) or len(version) != 40:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        try:
            with TemporaryFile(dir=self._directory.incoming) as file:
                await self._collect(bundle, file)
                async with _of(self._writing, project):
                    take = partial(self._directory.take, project, version, file.fileno())
                    newest = await self._write(take)
                    self._moves += 1
                    self._heads.put(project, newest)
                    await self._write(self._directory.repository(project).tidy)
        except OSError as error:
            logger.error("a bundle cannot be stored", extra={"why": type(error).__name__})
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR) from error

    async def head(self, project_id: str) -> str | None:
        """See `Mirror.head`."""
        if not is_uuid(project_id):
            return None
        project = project_id.lower()
        if (known := self._heads.get(project)) is not None:
            return known
        async with _of(self._loading, project):
            if (known := self._heads.get(project)) is not None:
                return known
            moves = self._moves
            found = await self._read(self._directory.repository(project).find)
            if found is not None and moves == self._moves:
                self._heads.put(project, found)
            return found

    async def find(self, project_id: str, version: str) -> str | None:
        """See `Mirror.find`."""
        if await self.head(project_id) is None:
            return None
        return await self._commit(project_id.lower(), version)

    async def history(self, project_id: str, limit: int) -> list[VersionRecord]:
        """See `Mirror.history`."""
        newest = await self.head(project_id)
        if newest is None:
            return []
        repository = self._directory.repository(project_id.lower())
        return await self._read(lambda: repository.log(newest, limit))

    async def files(self, project_id: str, version: str | None = None) -> list[str]:
        """See `Mirror.files`; empty for an unknown version."""
        return list(await self._entries(project_id, version))

    async def read(self, project_id: str, path: str, version: str | None = None) -> bytes | None:
        """See `Mirror.read`. Raises `DreamCoreError(WORKSPACE_ERROR)` above 64 MiB."""
        entries = await self._entries(project_id, version)
        entry = entries.get(path)
        if entry is None:
            return None
        project = project_id.lower()
        if (data := self._blobs.get((project, entry.blob))) is not None:
            return data
        if entry.size > MAX_BLOB_BYTES:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        async with _of(self._loading, project):
            if (data := self._blobs.get((project, entry.blob))) is not None:
                return data
            return await self._load(project, entry, entries)

    async def diff(self, project_id: str, path: str, version: str) -> str | None:
        """See `Mirror.diff`."""
        commit = await self.find(project_id, version)
        if commit is None:
            return None
        repository = self._directory.repository(project_id.lower())
        return await self._read(lambda: repository.diff(commit, path))

    async def remove(self, project_id: str) -> None:
        """See `Mirror.remove`."""
        if not is_uuid(project_id):
            return
        project = project_id.lower()
        async with _of(self._writing, project):
            await self._write(partial(self._directory.delete, project))
            self._moves += 1
            self._heads.discard(project)

    async def _entries(self, project_id: str, version: str | None) -> Entries:
        newest = await self.head(project_id)
        if newest is None:
            return {}
        project = project_id.lower()
        commit = newest if version is None else await self._commit(project, version)
        if commit is None:
            return {}
        if (known := self._listings.get((project, commit))) is not None:
            return known
        async with _of(self._loading, project):
            if (known := self._listings.get((project, commit))) is None:
                known = await self._read(
                    partial(self._directory.repository(project).entries, commit)
                )
                self._listings.put((project, commit), known)
            return known

    async def _commit(self, project: str, version: str) -> str | None:
        if (project, version) in self._listings:
            return version
        if not is_git_hash(version):
            return None
        return await self._read(partial(self._directory.repository(project).find, version))

    async def _load(self, project: str, entry: Entry, entries: Entries) -> bytes:
        """Read one file, and with a small one the other small ones of its version."""
        wanted, total = {entry.blob: entry}, entry.size
        for other in entries.values() if entry.size <= _SMALL_BYTES else ():
            missing = other.size <= _SMALL_BYTES and (project, other.blob) not in self._blobs
            if missing and other.blob not in wanted and total + other.size <= _PREFETCH_BYTES:
                wanted[other.blob] = other
                total += other.size
        repository = self._directory.repository(project)
        contents = await self._read(lambda: repository.contents(list(wanted.values())))
        for blob, data in contents.items():
            self._blobs.put((project, blob), data)
        return contents[entry.blob]

    async def _collect(self, bundle: AsyncIterator[bytes], file: BufferedRandom) -> None:
        size = 0
        async for piece in bundle:
            size += len(piece)
            if size > self._max_bundle_bytes:
                raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
            await to_thread.run_sync(file.write, piece)
        await to_thread.run_sync(file.flush)

    async def _read(self, work: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(work, limiter=self._readers)

    async def _write(self, work: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(work, limiter=self._writers)


def _of(locks: list[anyio.Lock], project: str) -> anyio.Lock:
    return locks[hash(project) % len(locks)]
