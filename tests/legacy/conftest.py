"""The gateway of the legacy tests."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from schema.providers import GeneratedPicture, ImageRequest
from tests.adapters.legacy.stand import Stand, open_stand


class Painter:
    """Implements `schema.providers.ImageGeneration`: any bytes will do."""

    async def generate(self, request: ImageRequest) -> GeneratedPicture:
        return GeneratedPicture(b"picture", "image/png", request.prompt)


@pytest.fixture
async def stand(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Stand, None]:
    """A gateway that makes images, and leaves no error in the log."""
    async with open_stand(tmp_path, painter=Painter()) as opened:
        yield opened
    assert not [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
