"""The journal: dense numbers, one end, torn lines, readers that follow."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modal_app.journal import (
    JournalReader,
    JournalWriter,
    follow,
    terminal_entry,
)
from modal_app.journal_lines import Entry, JournalCorrupt
from schema.execution import MAX_EVENT_BYTES, Done, Error, ExecutionEvent, Status, Stream


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty journal."""
    path = tmp_path / "journal.ndjson"
    path.touch()
    return path


def fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def remove(path: Path) -> None:
    path.unlink()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def write(path: Path, *events: ExecutionEvent) -> None:
    with JournalWriter(path) as journal:
        for event in events:
            journal.append(event)


async def read(path: Path, after: int = 0) -> list[Entry]:
    """Everything up to the terminal entry."""
    async with asyncio.timeout(60), aclosing(follow(path, after)) as batches:
        return [entry async for batch in batches for entry in batch]


async def test_a_line_is_its_number_and_the_event(path: Path) -> None:
    write(path, Stream("こんにちは", 1), Done(result="ok"))
    assert lines_of(path) == [
        '{"id":1,"type":"stream","content":"こんにちは","block":1}',
        '{"id":2,"type":"done","result":"ok"}',
    ]
    assert [entry.data for entry in await read(path)] == [
        '{"type":"stream","content":"こんにちは","block":1}'.encode(),
        b'{"type":"done","result":"ok"}',
    ]


@given(count=st.integers(0, 40), after=st.integers(0, 60))
async def test_reading_starts_after_any_position(
    tmp_path_factory: pytest.TempPathFactory, count: int, after: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.ndjson"
    write(path, *(Stream(str(number)) for number in range(count)), Done())
    assert [entry.id for entry in await read(path, after)] == list(range(after + 1, count + 2))


async def test_a_follower_sees_what_is_written_while_it_waits(path: Path) -> None:
    seen: list[int] = []
    with JournalWriter(path) as journal:
        async with asyncio.timeout(60), aclosing(follow(path)) as batches:
            async for batch in batches:
                seen += [entry.id for entry in batch]
                if not journal.closed:
                    journal.append(Stream("more") if len(seen) < 5 else Done())
    assert seen == [1, 2, 3, 4, 5, 6]


async def test_silence_is_told_in_empty_batches(path: Path) -> None:
    async with asyncio.timeout(60), aclosing(follow(path)) as batches:
        assert await anext(batches) == []


async def test_a_torn_line_is_invisible_and_repaired_by_the_next_writer(path: Path) -> None:
    write(path, Stream("whole"))
    with path.open("ab") as file:
        file.write(b'{"id":2,"type":"error","code":"X"}')
    with JournalReader(path) as reader:
        assert [entry.id for entry in reader.poll()[0]] == [1]
        assert terminal_entry(path) is None
        write(path, Error(code="RUNNER_LOST"))
        entries, _ = reader.poll()
    assert [(entry.id, entry.terminal) for entry in entries] == [(2, True)]
    assert b"RUNNER_LOST" in entries[0].data
    assert [entry.id for entry in await read(path)] == [1, 2]


async def test_a_line_torn_before_the_first_entry_is_repaired_too(path: Path) -> None:
    fill(path, b'{"id":1,"ty')
    write(path, Done())
    assert [entry.id for entry in await read(path)] == [1]
    end = terminal_entry(path)
    assert end is not None
    assert end.id == 1


@contextmanager
def room(path: Path, size: int) -> Iterator[None]:
    """As on a disk where the file may grow by no more than `size` bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("size", [0, 1, 20, 60])
async def test_an_event_for_which_the_disk_had_no_room_is_passed_over(
    path: Path, size: int
) -> None:
    with JournalWriter(path) as journal:
        journal.append(Stream("first"))
        with room(path, size), pytest.raises(OSError, match="too large"):
            journal.append(Stream("x" * 100))
        with room(path, size // 2), pytest.raises(OSError, match="too large"):
            journal.append(Stream("y" * 100))
        journal.append(Error(code="SANDBOX_ERROR"))
    first, end = await read(path)
    assert first.data == b'{"type":"stream","content":"first"}'
    assert (end.id, end.data) == (2, b'{"type":"error","code":"SANDBOX_ERROR"}')
    assert terminal_entry(path) == end


def test_a_writer_that_cannot_read_the_journal_leaves_no_descriptor_open(path: Path) -> None:
    fill(path, b"garbage\n")
    before = descriptors()
    with pytest.raises(JournalCorrupt):
        JournalWriter(path)
    assert descriptors() == before


def test_nothing_follows_the_terminal_entry(path: Path) -> None:
    write(path, Done())
    with JournalWriter(path) as journal:
        assert journal.closed
        with pytest.raises(ValueError, match="ended"):
            journal.append(Status("late"))


async def test_text_beyond_one_event_is_continued_in_further_ones(path: Path) -> None:
    text = "\x00" * 2_500_000
    write(path, Stream(text, 3), Done(result=text))
    *streams, done = await read(path)
    parts = [msgspec.json.decode(entry.data, type=Stream) for entry in streams]
    assert "".join(part.content for part in parts) == text
    assert {part.block for part in parts} == {3}
    assert all(len(entry.data) <= MAX_EVENT_BYTES for entry in (*streams, done))


async def test_the_end_is_found_behind_a_last_line_of_megabytes(path: Path) -> None:
    write(path, Status("first"), Done(result="x" * 900_000))
    end = terminal_entry(path)
    assert end is not None
    assert end.id == 2


@pytest.mark.parametrize(
    "content",
    [
        b"garbage\n",
        b'{"id":2,"type":"status"}\n',
        b'{"id":1,"type":"status"}\n{"id":1,"type":"status"}\n',
        b'{"id":1,"type":"other"}\n',
        b'{"id":1,"type":"done"}\n{"id":2,"type":"done"}\n',
        b"x" * (MAX_EVENT_BYTES + 2**20),
    ],
)
async def test_a_journal_that_is_none_is_refused(path: Path, content: bytes) -> None:
    fill(path, content)
    with pytest.raises(JournalCorrupt):
        await read(path)


async def test_a_follower_of_a_removed_journal_is_told(path: Path) -> None:
    async with asyncio.timeout(60), aclosing(follow(path)) as batches:
        assert await anext(batches) == []
        remove(path)
        with pytest.raises(FileNotFoundError):
            await anext(batches)


async def test_readers_leave_no_descriptor_open(path: Path) -> None:
    write(path, *(Stream("text") for _ in range(10)))
    before = descriptors()
    async with asyncio.timeout(60), aclosing(follow(path)) as batches:
        await anext(batches)
    assert descriptors() == before
