"""Many random conversations at a time with one gateway, each named by its seed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import anyio
import pytest

from tests.adapters.legacy.random_conversation import Conversation
from tests.adapters.legacy.stand import Stand

SEQUENCES: Final = 500
STEPS: Final = 12
AT_A_TIME: Final = 4
REPLIES: Final = {
    "init",
    "pong",
    "projectSelected",
    "projectCreated",
    "projectDeleted",
    "projectRenamed",
    "projectInfo",
    "styleOptions",
    "jobStarted",
    "cancelled",
    "versionsList",
    "versionEdits",
    "versionRestored",
    "jobStatus",
    "subscribed",
    "error",
}


def seeds(shard: int) -> range:
    """Those of one file, so that files can run on different cores."""
    return range(shard * SEQUENCES, (shard + 1) * SEQUENCES)


@contextmanager
def named(seed: int) -> Generator[None, None, None]:
    """A failure says which sequence it was."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"seed {seed}")
        raise


async def converse(
    stand: Stand,
    caplog: pytest.LogCaptureFixture,
    numbers: Sequence[int],
    favoured: Mapping[str, int],
) -> None:
    """Hold a conversation for each seed. All of the protocol comes up, and nothing is left: no
    task, and no error in the log."""
    before = asyncio.all_tasks()
    answered: Counter[str] = Counter()

    async def conversations(some: Sequence[int]) -> None:
        for seed in some:
            with named(seed), anyio.fail_after(60):
                async with Conversation(stand, seed, favoured) as conversation:
                    await conversation.begin()
                    for _ in range(STEPS):
                        await conversation.step()
                answered.update(conversation.answered)

    async with asyncio.TaskGroup() as group:
        for first in range(AT_A_TIME):
            group.create_task(conversations(numbers[first::AT_A_TIME]))
    assert answered.keys() == REPLIES, answered
    left = asyncio.all_tasks() - before
    if left:
        await asyncio.wait(left, timeout=60)
    assert not asyncio.all_tasks() - before
    assert not [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
