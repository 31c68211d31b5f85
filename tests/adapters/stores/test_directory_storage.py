"""What is particular to objects in files: links, modes, other kinds of files, and crashes."""

import os
import resource
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import psutil
import pytest

from adapters.stores.embedded.object_storage import DirectoryStorage
from schema.errors import DreamCoreError, ErrorCode
from tests.contracts.object_storage import keys

LIMIT = 64 * 1024
KILLED_IN_THE_MIDDLE = f"""
import anyio, resource, signal, sys
from pathlib import Path
from adapters.stores.embedded.object_storage import DirectoryStorage

async def main():
    storage = await DirectoryStorage.open(Path(sys.argv[1]))
    await storage.write("users/a/kept.png", b"kept")
    # The kernel kills the process inside the write that crosses the limit.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}))
    await storage.write("users/a/kept.png", b"lost" * {LIMIT})

anyio.run(main)
"""


@pytest.fixture
async def storage(tmp_path: Path) -> DirectoryStorage:
    return await DirectoryStorage.open(tmp_path / "objects")


def tree(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


def modes(root: Path) -> dict[str, int]:
    return {name: stat.S_IMODE((root / name).stat().st_mode) for name in tree(root)}


@contextmanager
def small_files() -> Iterator[None]:
    """Files of this process cannot grow beyond `LIMIT` in the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_what_is_stored_outlives_the_process(tmp_path: Path) -> None:
    for expected in (None, b"kept"):
        storage = await DirectoryStorage.open(tmp_path / "new" / "objects")
        assert await storage.read("users/a/1.png") == expected
        await storage.write("users/a/1.png", b"kept")


async def test_a_write_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    command = [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(root)]
    ended = await anyio.run_process(command, check=False)
    assert ended.returncode == -signal.SIGXFSZ, ended.stderr
    assert len(list((root / "users/a").iterdir())) == 2
    storage = await DirectoryStorage.open(root)
    assert tree(root) == ["users", "users/a", "users/a/kept.png"]
    assert await storage.read("users/a/kept.png") == b"kept"


async def test_a_write_that_fails_leaves_what_was_there(
    storage: DirectoryStorage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await storage.write("a/1", b"kept")
    with small_files(), pytest.raises(DreamCoreError) as refusal:
        await storage.write("a/1", b"lost" * LIMIT)
    assert (refusal.value.code, refusal.value.detail) == (ErrorCode.INTERNAL, None)
    assert [record.message for record in caplog.records] == ["object storage failed"]
    assert tree(tmp_path / "objects") == ["a", "a/1"]
    assert await storage.read("a/1") == b"kept"


async def test_nobody_else_may_look(storage: DirectoryStorage, tmp_path: Path) -> None:
    await storage.write("users/a/1.png", b"1")
    assert modes(tmp_path) == {
        "objects": 0o700,
        "objects/users": 0o700,
        "objects/users/a": 0o700,
        "objects/users/a/1.png": 0o600,
    }


async def test_links_lead_nowhere(storage: DirectoryStorage, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    root = tmp_path / "objects"
    (root / "folder").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    assert await keys(storage) == []
    assert await keys(storage, "folder/") == []
    for key in ("file", "folder/secret"):
        assert await storage.read(key) is None
    with pytest.raises(DreamCoreError) as refusal:
        await storage.write("folder/secret", b"overwritten")
    assert refusal.value.code is ErrorCode.INVALID_INPUT
    await storage.delete("folder/secret")
    await storage.write("file", b"a file of ours")
    assert await storage.read("file") == b"a file of ours"
    assert tree(outside) == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"


async def test_opening_follows_no_link_either(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "objects"
    outside.mkdir()
    root.mkdir()
    (outside / ".incoming-1").write_bytes(b"not ours")
    (root / "folder").symlink_to(outside)
    (root / ".incoming-2").write_bytes(b"ours")
    await DirectoryStorage.open(root)
    assert tree(outside) == [".incoming-1"]
    assert tree(root) == ["folder"]


async def test_the_directory_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "objects").symlink_to(tmp_path / "disk")
    storage = await DirectoryStorage.open(tmp_path / "objects")
    await storage.write("a", b"a")
    assert tree(tmp_path / "disk") == ["a"]
    assert await storage.read("a") == b"a"


async def test_what_is_no_regular_file_is_no_object(
    storage: DirectoryStorage, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "objects" / "pipe")
    (tmp_path / "objects" / ".hidden").write_bytes(b"")
    (tmp_path / "objects" / os.fsdecode(b"\xff")).write_bytes(b"")
    assert await keys(storage) == []
    with anyio.fail_after(60):
        assert await storage.read("pipe") is None


async def test_an_object_is_no_folder(storage: DirectoryStorage) -> None:
    await storage.write("a/b", b"b")
    for key in ("a", "a/b/c"):
        with pytest.raises(DreamCoreError) as refusal:
            await storage.write(key, b"")
        assert refusal.value.code is ErrorCode.INVALID_INPUT
    assert await keys(storage) == ["a/b"]
    assert await storage.read("a/b") == b"b"


async def test_no_descriptor_stays_open(storage: DirectoryStorage, tmp_path: Path) -> None:
    (tmp_path / "objects" / "link").symlink_to("/")
    before = psutil.Process().num_fds()
    await storage.write("a/b", b"b")
    for key in ("a", "a/b", "a/b/c", "link", "link/etc", "x/y"):
        await storage.read(key)
        await storage.delete(f"{key}/z")
    assert psutil.Process().num_fds() == before
