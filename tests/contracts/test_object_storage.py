"""Every object storage, against the one contract."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from adapters.stores.embedded.object_storage import DirectoryStorage
from schema.object_storage import ObjectStorage
from tests.contracts.object_storage import ObjectStorageContract

Opener = Callable[[Path], Awaitable[ObjectStorage]]

IMPLEMENTATIONS: dict[str, Opener] = {
    "directory": lambda folder: DirectoryStorage.open(folder / "objects"),
}


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStorage:
    opener: Opener = request.param
    return await opener(tmp_path)


class TestObjectStorage(ObjectStorageContract):
    """The whole suite."""
