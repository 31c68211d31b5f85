"""What every object storage does: the suite behind `schema.object_storage.ObjectStorage`.

A test module subclasses `ObjectStorageContract` and gives it a `storage` fixture, parametrised over
the implementations.
"""

from contextlib import aclosing

import anyio
import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.object_storage import ObjectStorage

EVERY_BYTE = bytes(range(256)) * 5_000
KEYS = [
    "a",
    "users/11111111-1111-4111-8111-111111111111/assets/player.png",
    "宇宙船/スター 🚀 (1).png",
    "%2e%2e/~/#?&*:|\"'<>\\",
    "e\u0301/\u00e9",
    "a..b/c.",
    "n" * 255,
    "船" * 85,
]
NO_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/../b",
    "a/..",
    ".",
    "./a",
    "a/./b",
    ".hidden",
    "a/.hidden",
    ".git/config",
    "...",
    "a\0b",
    "a/b\n",
    "\x1b[2J",
    "a\x7f",
    "a\x85",
    "\ud800",
    "n" * 256,
    "船" * 86,
    "a/" * 5_000 + "a",
    "x" * 1_000_000,
]


async def keys(storage: ObjectStorage, prefix: str = "") -> list[str]:
    """Every key, sorted."""
    async with aclosing(storage.keys(prefix)) as stream:
        return sorted([key async for key in stream])


class ObjectStorageContract:
    """Writing, reading, deleting and listing."""

    @pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
    async def test_what_is_written_is_read_until_it_is_deleted(
        self, storage: ObjectStorage, key: str
    ) -> None:
        assert await storage.read(key) is None
        await storage.write(key, EVERY_BYTE)
        assert await storage.read(key) == EVERY_BYTE
        assert await keys(storage) == [key]
        for _ in range(2):
            await storage.delete(key)
            assert await storage.read(key) is None
        assert await keys(storage) == []

    async def test_a_key_names_what_was_written_last(self, storage: ObjectStorage) -> None:
        for data in (b"long" * 1_000, b"", b"short"):
            await storage.write("users/a/x.png", data)
            assert await storage.read("users/a/x.png") == data
        assert await keys(storage) == ["users/a/x.png"]

    async def test_what_is_found_is_open_and_tagged(self, storage: ObjectStorage) -> None:
        assert await storage.find("users/a/x.mp4") is None
        tags = []
        for data in (b"before", b"afterwards"):
            await storage.write("users/a/x.mp4", data)
            for _ in range(2):
                found = await storage.find("users/a/x.mp4")
                assert found is not None
                with found.file as file:
                    assert (file.read(), found.size) == (data, len(data))
                tags.append(found.tag)
        assert (tags[0], tags[2]) == (tags[1], tags[3])
        assert tags[0] != tags[2]

    @pytest.mark.parametrize("key", NO_KEYS, ids=range(len(NO_KEYS)))
    async def test_what_is_no_key_is_refused(self, storage: ObjectStorage, key: str) -> None:
        for refused in (
            storage.write(key, b"data"),
            storage.read(key),
            storage.find(key),
            storage.delete(key),
        ):
            with pytest.raises(DreamCoreError) as refusal:
                await refused
            assert refusal.value.code is ErrorCode.INVALID_INPUT
            assert refusal.value.message == "Not a key of an object."
        assert await keys(storage) == []

    async def test_keys_are_told_by_how_they_begin(self, storage: ObjectStorage) -> None:
        stored = ["users/a/1.png", "users/a/b/2.png", "users/ab/3.png", "users/宇宙/4", "global/5"]
        for key in stored:
            await storage.write(key, b"")
        for prefix in (
            *("", "u", "users", "users/", "users/a", "users/a/", "users/a/b", "users/ab"),
            *("users/a/1.png", "users/a/1", "users/宇", "users/b", "users/a/1.png/", "x/y/z"),
        ):
            expected = sorted(key for key in stored if key.startswith(prefix))
            assert await keys(storage, prefix) == expected, prefix

    @pytest.mark.parametrize("prefix", ["/", "../", "a//", ".", "a/.", "a/../b", "a\0", "a\n/"])
    async def test_no_key_begins_so(self, storage: ObjectStorage, prefix: str) -> None:
        with pytest.raises(DreamCoreError) as refusal:
            await keys(storage, prefix)
        assert refusal.value.code is ErrorCode.INVALID_INPUT

    async def test_deleting_leaves_the_neighbours(self, storage: ObjectStorage) -> None:
        for key in ("a/1", "a/2", "b/1"):
            await storage.write(key, key.encode())
        await storage.delete("a/1")
        await storage.delete("a")
        await storage.delete("a/1/x")
        assert await keys(storage) == ["a/2", "b/1"]
        assert await storage.read("a") is None
        assert await storage.read("a/2/x") is None
        assert await storage.read("a/2") == b"a/2"

    async def test_readers_see_whole_contents_while_others_write(
        self, storage: ObjectStorage
    ) -> None:
        contents = {b"%d" % number * 200_000 for number in range(4)}
        await storage.write("a/b", min(contents))
        running = len(contents)

        async def write(data: bytes) -> None:
            nonlocal running
            for _ in range(5):
                await storage.write("a/b", data)
            running -= 1

        async def read() -> None:
            while running:
                assert await storage.read("a/b") in contents
                assert await keys(storage) == ["a/b"]

        async with anyio.create_task_group() as tasks:
            for data in contents:
                tasks.start_soon(write, data)
            tasks.start_soon(read)

    async def test_folders_that_appear_at_once_hold_everything(
        self, storage: ObjectStorage
    ) -> None:
        stored = [f"a/b/c/{number}" for number in range(20)]
        async with anyio.create_task_group() as tasks:
            for key in stored:
                tasks.start_soon(storage.write, key, key.encode())
        assert await keys(storage, "a/b/") == sorted(stored)
