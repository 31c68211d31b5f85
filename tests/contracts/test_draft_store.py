"""Every draft store, against the one contract."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from adapters.stores.embedded.store import EmbeddedStore
from tests.contracts.asset_records import WholeStore
from tests.contracts.draft_store import DraftStoreContract

Opener = Callable[[Path], AbstractAsyncContextManager[WholeStore]]

IMPLEMENTATIONS: dict[str, Opener] = {
    "embedded": lambda folder: EmbeddedStore.open(folder / "store.db"),
}


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[WholeStore, None]:
    opener: Opener = request.param
    async with opener(tmp_path) as opened:
        yield opened


class TestDraftStore(DraftStoreContract):
    """The whole suite."""
