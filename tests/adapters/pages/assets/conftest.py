"""A server for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.pages.assets.served import Library, serving


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    """With nothing in it."""
    async with serving(tmp_path) as opened:
        yield opened
