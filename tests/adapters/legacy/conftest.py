"""A gateway for every test, which must end without an error in its log."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.adapters.legacy.stand import Stand, open_stand


@pytest.fixture
async def stand(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Stand, None]:
    """No test but those that provoke one leaves an error in the log."""
    async with open_stand(tmp_path) as opened:
        yield opened
    errors = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert errors == (["a legacy message failed"] if opened.mirror.broken else [])
