"""Forgets the events of generations that ended long ago; their snapshots stay."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from adapters.stores.embedded.log import EmbeddedLog
from schema.errors import DreamCoreError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
KEPT_GENERATIONS = 100
ROUND_SECONDS = 3_600.0


@asynccontextmanager
async def retention(log: EmbeddedLog, kept_for: timedelta = KEPT_FOR) -> AsyncGenerator[None, None]:
    """Trim now and every hour for the life of the block."""

    async def rounds() -> None:
        while True:
            old = datetime.now(UTC) - kept_for
            try:
                await log.enforce_retention(older_than=old, keep=KEPT_GENERATIONS)
            except DreamCoreError:
                logger.exception("retention postponed")
            await asyncio.sleep(ROUND_SECONDS)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(rounds())
        try:
            yield
        finally:
            task.cancel()
