"""One Chromium for all tests of this folder, and pages of games in it."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.modal_app.agents.offline.arcade import Arcade

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; where it is missing, tests skip, but never in CI."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(_ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def arcade(browser: Browser) -> AsyncIterator[Arcade]:
    """Opens games; afterwards nothing may have left a page or been said on its console."""
    arcade = Arcade(browser)
    yield arcade
    await arcade.close()
    assert arcade.complaints == []
    assert arcade.foreign_requests == []
