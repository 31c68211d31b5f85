"""One gateway a module."""

from collections.abc import AsyncGenerator

import pytest

from tests.adapters.pages.api.seeded import Seeded, seeded


@pytest.fixture(scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seeded, None]:
    """Tests of a module share what they change."""
    async with seeded(tmp_path_factory.mktemp("api")) as opened:
        yield opened
