"""Every event log, against the one contract."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.log_tail import TailLimits
from tests.contracts.event_log import EventLogContract
from tests.contracts.event_log_clients import ObservableLog

Opener = Callable[[Path], AbstractAsyncContextManager[ObservableLog]]

IMPLEMENTATIONS: dict[str, Opener] = {
    "embedded": lambda path: EmbeddedLog.open(path / "log.db"),
    "embedded, all from the file": lambda path: EmbeddedLog.open(
        path / "log.db", limits=TailLimits(events=1, size=1, total_size=1)
    ),
}


@pytest.fixture(params=list(IMPLEMENTATIONS.values()), ids=list(IMPLEMENTATIONS))
async def log(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[ObservableLog, None]:
    opener: Opener = request.param
    async with opener(tmp_path) as opened:
        yield opened


class TestEventLog(EventLogContract):
    """The contract."""
