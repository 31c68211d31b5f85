"""The gateway with a frontend, and people with browsers in front of it."""

import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser

from adapters.auth.issuer import EmbeddedIssuer
from adapters.server.compose import ISSUER_DIRECTORY
from adapters.server.serving import Serving, serving
from adapters.server.settings import Settings
from schema.execution_port import Execution
from tests.browser.player import Player, arriving
from tests.resolvers.scripted_execution import ScriptedExecution

PUBLIC: Final = Path(__file__).parent / "public"
ALICE: Final = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True, slots=True)
class Site:
    """A gateway that serves a frontend; every browser in front of it is Alice's."""

    browser: Browser
    serving: Serving
    data_dir: Path

    @property
    def url(self) -> str:
        return self.serving.url

    def token(self, lifetime: timedelta = timedelta(hours=1)) -> str:
        """A token of Alice."""
        assert self.serving.gateway.issuer is not None
        return self.serving.gateway.issuer.issue(ALICE, "alice@example.com", lifetime)

    def ended_token(self) -> str:
        """A token of Alice that was good until half an hour ago."""
        issuers = Settings(data_dir=self.data_dir).gateway_dir / ISSUER_DIRECTORY
        issuer = EmbeddedIssuer.open(issuers, clock=lambda: time.time() - 3600)
        return issuer.issue(ALICE, "alice@example.com", timedelta(minutes=30))

    def player(
        self, *, url: str | None = None, token: str | None = None, **options: Any
    ) -> AbstractAsyncContextManager[Player]:
        """Alice in a tab of her own, perhaps by another way to the gateway."""
        return arriving(self.browser, url or self.url, ALICE, token or self.token(), **options)


@asynccontextmanager
async def open_site(
    browser: Browser, directory: Path, execution: Execution | None = None, **options: Any
) -> AsyncGenerator[Site, None]:
    """A gateway for the block; `execution` stands in for the process with the offline agent.

    `options` are more of its settings.
    """

    async def given(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        assert execution is not None
        return execution

    settings = Settings(
        port=0,
        data_dir=directory,
        frontend_dir=PUBLIC,
        execution_environment={"AGENT": "offline"},
        **options,
    )
    async with serving(settings, given if execution else None) as running:
        yield Site(browser, running, directory)


@pytest.fixture(scope="module")
async def site(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Site, None]:
    """With the real execution process and its offline agent; one for a module."""
    async with open_site(browser, tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def execution() -> ScriptedExecution:
    """What runs the jobs of `scripted`."""
    return ScriptedExecution()


@pytest.fixture
async def scripted(
    browser: Browser, tmp_path: Path, execution: ScriptedExecution
) -> AsyncGenerator[Site, None]:
    """Jobs go on when the test says so."""
    async with open_site(browser, tmp_path, execution) as opened:
        yield opened
