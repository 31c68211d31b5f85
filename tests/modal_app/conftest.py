"""Fixtures of the execution side."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from modal_app.settings import Settings
from tests.modal_app.execution import Client, Gate, served, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An application of its own for each test; runners are scripted."""
    return settings_for(tmp_path)


@pytest.fixture
async def client(settings: Settings) -> AsyncGenerator[Client]:
    """A client of that application, served on a real socket."""
    async with served(settings) as client:
        yield client


@pytest.fixture
async def gate() -> AsyncGenerator[Gate]:
    """A point at which a script waits."""
    async with Gate() as gate:
        yield gate
