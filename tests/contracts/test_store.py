"""Every store, against the one contract."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from adapters.stores.embedded.store import EmbeddedStore
from schema.ports import Store

pytest.register_assert_rewrite(
    "tests.contracts.store", "tests.contracts.store_transitions", "tests.contracts.store_versions"
)

from tests.contracts.store import GenerationsContract, ProjectsContract  # noqa: E402
from tests.contracts.store_transitions import TransitionsContract  # noqa: E402
from tests.contracts.store_versions import VersionsContract  # noqa: E402

Opener = Callable[[Path], AbstractAsyncContextManager[Store]]

IMPLEMENTATIONS: dict[str, Opener] = {
    "embedded": lambda folder: EmbeddedStore.open(folder / "store.db"),
}


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store, None]:
    opener: Opener = request.param
    async with opener(tmp_path) as opened:
        yield opened


class TestStore(ProjectsContract, GenerationsContract, TransitionsContract, VersionsContract):
    """Projects, generations, their states and what their versions were made from."""
