"""One application for a whole module: requests here leave nothing behind for each other."""

from collections.abc import AsyncGenerator

import pytest

from tests.modal_app.execution import Client, connected, served, settings_for
from tests.modal_app.project import Project


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Client]:
    """A client that knows the secret."""
    async with served(settings_for(tmp_path_factory.mktemp("execution"))) as client:
        yield client


@pytest.fixture(scope="module")
async def stranger(client: Client) -> AsyncGenerator[Client]:
    """A client that sends no secret of its own."""
    async with connected(client.port, secret=None) as stranger:
        yield stranger


@pytest.fixture
def project(client: Client) -> Project:
    """A project of its own for each test."""
    return Project(client)
