"""A gateway for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.adapters.pages.publishing.stand import Stand, open_stand


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncGenerator[Stand, None]:
    """With every provider."""
    async with open_stand(tmp_path) as opened:
        yield opened


@pytest.fixture
async def bare_stand(tmp_path: Path) -> AsyncGenerator[Stand, None]:
    """Without any."""
    async with open_stand(tmp_path, configured=False) as opened:
        yield opened
