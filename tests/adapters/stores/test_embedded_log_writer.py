"""The group writer: one culprit fails alone, and a full disk is not the end."""

import asyncio
import sqlite3
import threading
import uuid
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.log_commands import Acquire
from adapters.stores.embedded.log_writer import GroupWriter
from schema.errors import DreamCoreError, ErrorCode


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncGenerator[GroupWriter, None]:
    async with GroupWriter.open(tmp_path / "log.db") as opened:
        yield opened
        await opened.finish()


def allow_pages(count: int) -> Callable[[sqlite3.Connection], None]:
    def command(connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA max_page_count = {count}").fetchone()

    return command


def store_position(length: int) -> Callable[[sqlite3.Connection], None]:
    def command(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE heads SET source_id = ?", ("x" * length,))

    return command


async def test_a_full_disk_refuses_what_does_not_fit_and_nothing_else(writer: GroupWriter) -> None:
    await writer.submit(Acquire(str(uuid.uuid4())))
    await writer.submit(allow_pages(20))
    committed: list[str] = []
    outcomes = await asyncio.gather(
        writer.submit(store_position(10), lambda _: committed.append("before")),
        writer.submit(store_position(10**6), lambda _: committed.append("too much")),
        writer.submit(store_position(20), lambda _: committed.append("after")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], DreamCoreError)
    assert outcomes[1].code is ErrorCode.INTERNAL
    assert committed == ["before", "after"]
    await writer.submit(allow_pages(10_000))
    await writer.submit(store_position(10**6), lambda _: committed.append("fits now"))
    assert committed == ["before", "after", "fits now"]


async def test_commands_are_committed_in_the_order_of_their_submission(
    writer: GroupWriter,
) -> None:
    generation_id, epochs = str(uuid.uuid4()), list[int]()
    await asyncio.gather(
        *(
            writer.submit(Acquire(generation_id), lambda lease: epochs.append(lease.epoch))
            for _ in range(600)
        )
    )
    assert epochs == list(range(1, 601))


async def test_a_command_cancelled_before_it_ran_was_never_submitted(writer: GroupWriter) -> None:
    generation_id, gate = str(uuid.uuid4()), threading.Event()
    async with asyncio.TaskGroup() as tasks:
        busy = tasks.create_task(writer.submit(lambda _: gate.wait(10)))
        await anyio.wait_all_tasks_blocked()
        cancelled = tasks.create_task(writer.submit(Acquire(generation_id)))
        await anyio.wait_all_tasks_blocked()
        cancelled.cancel()
        gate.set()
    assert busy.result()
    assert (await writer.submit(Acquire(generation_id))).epoch == 1
