"""500 random conversations on two sockets, against a reference model."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Final

import anyio
import pytest

from tests.adapters.legacy.random_conversation import Conversation
from tests.adapters.legacy.stand import Stand, open_stand
from tests.gateway.legacy_watcher import open_browser

SEQUENCES: Final = 500
STEPS: Final = 9
AT_A_TIME: Final = 4


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncGenerator[Stand, None]:
    async with open_stand(tmp_path) as opened:
        yield opened


@contextmanager
def named(seed: int) -> Generator[None, None, None]:
    """A failure says which sequence it was."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"seed {seed}")
        raise


async def converse(stand: Stand, seed: int) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_browser(stand.url)) for _ in range(2)]
        conversation = Conversation(stand, random.Random(seed), sockets)
        for index in (0, 1):
            if conversation.random.random() < 0.85:
                user = conversation.random.choice(conversation.users)
                await conversation.exchange(index, {"type": "init", "user": user})
                await conversation.exchange(index, {"type": "createProject"})
        for _ in range(STEPS):
            await conversation.step()
    for user in conversation.users:
        await conversation.finish(user)


async def test_random_conversations_go_as_the_model_says(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    before = asyncio.all_tasks()

    async def conversations(first: int) -> None:
        for seed in range(first, SEQUENCES, AT_A_TIME):
            with named(seed), anyio.fail_after(20):
                await converse(stand, seed)

    async with asyncio.TaskGroup() as group:
        for first in range(AT_A_TIME):
            group.create_task(conversations(first))
    left = asyncio.all_tasks() - before
    if left:
        await asyncio.wait(left, timeout=5)
    assert not asyncio.all_tasks() - before
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert not errors
