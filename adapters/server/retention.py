"""Forgets the events of generations that ended long ago; their snapshots stay."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from adapters.stores.embedded.log import EmbeddedLog

KEPT_FOR = timedelta(days=30)
KEPT_GENERATIONS = 100
ROUND_SECONDS = 3_600.0


@asynccontextmanager
async def retention(log: EmbeddedLog, kept_for: timedelta = KEPT_FOR) -> AsyncGenerator[None, None]:
    """Trim now and every hour for the life of the block."""

    async def rounds() -> None:
        while True:
            await log.enforce_retention(
                older_than=datetime.now(UTC) - kept_for, keep=KEPT_GENERATIONS
            )
            await asyncio.sleep(ROUND_SECONDS)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(rounds())
        try:
            yield
        finally:
            task.cancel()
