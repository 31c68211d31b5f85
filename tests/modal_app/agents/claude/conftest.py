"""The real CLI (`cli`), a place to work in, and the sandbox of laptops."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from modal_app.agents.claude.configuration import ClaudeConfiguration
from modal_app.ports import AgentTask
from modal_app.sandboxes.local import LocalSandbox
from tests.modal_app.agents.claude.running import Configure
from tests.model_stub.server import ModelStub, serve


@pytest.fixture
def task(tmp_path: Path) -> AgentTask:
    """A task with empty directories of its own."""
    paths = [tmp_path / name for name in ("workspace", "home", "temporary")]
    for path in paths:
        path.mkdir()
    return AgentTask("Make a page.", "Make a page.", *paths)


@pytest.fixture(scope="session")
def sandbox() -> LocalSandbox:
    """One for all tests: it looks only once what the kernel allows."""
    return LocalSandbox()


@pytest.fixture
async def stub() -> AsyncGenerator[ModelStub, None]:
    async with serve() as running:
        yield running


@pytest.fixture
def configure(cli: Path, stub: ModelStub) -> Configure:
    """A configuration with the stub and one quick retry, and whatever a test changes."""
    configuration = ClaudeConfiguration(
        cli, api_key=stub.api_key, api_base_url=stub.url, max_retries=1
    )
    return lambda **changes: replace(configuration, **changes)
