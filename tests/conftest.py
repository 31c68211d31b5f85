"""Fixtures that every test may use."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from modal_app.agents.claude.command import find_cli

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)

# How long a page may take on a machine that is busy with other tests.
expect.set_options(timeout=60_000)


def pytest_configure(config: pytest.Config) -> None:
    """Tests of the legacy protocols say which rules of the contract they prove."""
    config.addinivalue_line("markers", "rule(*ids): rows of tests/legacy that the test proves")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The product runs on asyncio; so do its tests."""
    return "asyncio"


@pytest.fixture(scope="session")
def cli() -> Path:
    """The Claude CLI; missing, it fails the tests where `CI` is set and skips them elsewhere."""
    found = find_cli(os.environ.get("CLAUDE_BIN"), "")
    if found is None:
        missing = "the Claude CLI is not installed (make install-agent)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; where it is missing, tests skip, but never in CI."""
    executable = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if executable is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(_CHROMIUM_ARGUMENTS)
        )
        yield browser
        await browser.close()
