"""A version of a game as a ZIP archive. Source: `contract/legacy-http.md` §1.3."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from anyio import Semaphore, to_thread

from adapters.pages.credentials import Refused
from adapters.pages.game_paths import INDEX
from schema.mirror import Mirror, VersionRecord

MAX_BYTES: Final = 256 * 2**20
_AT_ONCE: Final = 2
_LEVEL: Final = 9
_ASSETS: Final = "assets/"
_FILE_MODE: Final = 0o100644 << 16
_FOLDER_MODE: Final = (0o040755 << 16) | 0x10
# What the format can say.
_FIRST_YEAR: Final = 1980
_LAST_YEAR: Final = 2107


@dataclass(frozen=True, slots=True)
class Archives:
    """Builds archives in temporary files, two at a time; `max_bytes` counts what goes in."""

    mirror: Mirror
    max_bytes: int = MAX_BYTES
    _turns: Semaphore = field(default_factory=lambda: Semaphore(_AT_ONCE))

    async def build(self, project_id: str, version: VersionRecord) -> tuple[BinaryIO, int]:
        """The page and `assets/`, with entries for folders: an open file, to be closed by the
        caller, and its size. Raises `Refused` (413) above the limit."""
        async with self._turns:
            with ExitStack() as stack:
                file = stack.enter_context(TemporaryFile())
                await self._fill(file, project_id, version)
                stack.pop_all()
                return file, file.tell()

    async def _fill(self, file: BinaryIO, project_id: str, version: VersionRecord) -> None:
        files = await self.mirror.files(project_id, version.hash)
        left = self.max_bytes
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for name in entries(files):
                folder = name.endswith("/")
                data = b"" if folder else await self.mirror.read(project_id, name, version.hash)
                if data is None:
                    continue
                left -= len(data)
                if left < 0:
                    raise Refused(413, "Project too large")
                await to_thread.run_sync(archive.writestr, _entry(name, version, folder), data)


def entries(files: Iterable[str]) -> Iterator[str]:
    """Names in the archive, a folder (with a slash at its end) before what it holds.

    A backslash would lead out of the folder where an archive is unpacked on Windows.
    """
    folders = set()
    for path in files:
        if "\\" in path or not (path == INDEX or path.startswith(_ASSETS)):
            continue
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth]) + "/"
            if folder not in folders:
                folders.add(folder)
                yield folder
        yield path


def _entry(name: str, version: VersionRecord, folder: bool) -> ZipInfo:
    at = version.at.astimezone(UTC)
    year = min(max(at.year, _FIRST_YEAR), _LAST_YEAR)
    entry = ZipInfo(name, (year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = _FOLDER_MODE if folder else _FILE_MODE
    return entry
