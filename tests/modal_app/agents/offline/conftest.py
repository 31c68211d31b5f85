"""Pages of games in Chromium."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.modal_app.agents.offline.arcade import Arcade


@pytest.fixture
async def arcade(browser: Browser) -> AsyncIterator[Arcade]:
    """Opens games; afterwards nothing may have left a page or been said on its console."""
    arcade = Arcade(browser)
    yield arcade
    await arcade.close()
    assert arcade.complaints == []
    assert arcade.foreign_requests == []
