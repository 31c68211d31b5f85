"""Installations with one agent or the other, and nothing of them left behind."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.e2e.gateway import Gateway
from tests.e2e.installation import Installation
from tests.e2e.legacy_editor import Editor, opened
from tests.e2e.processes import processes_of
from tests.model_stub.server import ModelStub, serve


@contextmanager
def cleared(data: Path) -> Iterator[Path]:
    """A data directory; what a failed test leaves running in it is ended."""
    yield data
    for process in processes_of(data):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def with_claude(data: Path, cli: Path, stub: ModelStub) -> Installation:
    """An installation whose agent is the real CLI and whose model is `stub`."""
    variables = {
        "AGENT": "claude",
        "CLAUDE_BIN": str(cli),
        "ANTHROPIC_API_KEY": stub.api_key,
        "ANTHROPIC_BASE_URL": stub.url,
    }
    return Installation(data, variables)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data directory that nobody has used."""
    with cleared(tmp_path / "data") as path:
        yield path


@pytest.fixture
def offline(data: Path) -> Installation:
    """The agent that needs no model."""
    return Installation(data)


@pytest.fixture
async def stub() -> AsyncGenerator[ModelStub, None]:
    """The model of `claude`; it answers no helper call unless `questions` has an answer."""
    async with serve() as running:
        running.questions = []
        yield running


@pytest.fixture
def claude(data: Path, cli: Path, stub: ModelStub) -> Installation:
    """The real CLI and a scripted model."""
    return with_claude(data, cli, stub)


@pytest.fixture(scope="module")
async def shared_stub() -> AsyncGenerator[ModelStub, None]:
    """The model of `served`; like `stub`."""
    async with serve() as running:
        running.questions = []
        yield running


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, cli: Path, shared_stub: ModelStub
) -> Iterator[Installation]:
    """One installation for a module, with the real CLI."""
    with cleared(tmp_path_factory.mktemp("shared") / "data") as data:
        yield with_claude(data, cli, shared_stub)


@pytest.fixture(scope="module")
async def served(shared: Installation) -> AsyncGenerator[Gateway, None]:
    """The gateway of `shared`."""
    async with shared.serving() as gateway:
        yield gateway


@pytest.fixture
async def editor(
    served: Gateway, shared: Installation, shared_stub: ModelStub
) -> AsyncGenerator[Editor, None]:
    """A page of the untouched frontend at `served`."""
    async with opened(served, shared, shared_stub) as page:
        yield page
