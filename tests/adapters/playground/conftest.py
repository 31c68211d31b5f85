"""The playground around a small application, and around a whole gateway."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from adapters.graphql.drain import Drain
from adapters.playground.pages import Playground
from adapters.server.compose import Gateway, open_gateway
from adapters.server.server import Server, configure, listen
from adapters.server.settings import Settings
from schema.execution_port import Execution
from tests.adapters.playground.visitor import Visitor
from tests.resolvers.scripted_execution import ScriptedExecution

USER = "11111111-1111-4111-8111-111111111111"
TOKEN = "the </script> development token"

Arrive = Callable[..., Awaitable[Visitor]]


@asynccontextmanager
async def served(app: ASGIApp, drain: Drain | None = None) -> AsyncGenerator[str, None]:
    """Serve `app` for the block; gives its URL."""
    with listen("127.0.0.1", 0) as listener:
        server = Server(configure(app, lifespan="off"), drain or Drain())
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            await server.ready.wait()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.stop()


@pytest.fixture
async def site() -> AsyncGenerator[httpx.AsyncClient, None]:
    """A client of a playground around an application that answers `inner` to everything."""
    app = Playground(PlainTextResponse("inner"), lambda: TOKEN, pages=("/graphql", "/"))
    async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


@dataclass(frozen=True, slots=True)
class Scene:
    """A gateway with its offline agent, and browsers in front of it."""

    gateway: Gateway
    url: str
    arrive: Arrive

    def token(self) -> str:
        """A token of the only user."""
        assert self.gateway.issuer is not None
        return self.gateway.issuer.issue(USER, "developer@localhost", timedelta(hours=1))


@asynccontextmanager
async def scene(
    browser: Browser,
    directory: Path,
    *,
    hand_out_token: bool = True,
    execution: Execution | None = None,
) -> AsyncGenerator[Scene, None]:
    """Afterwards no page may have complained, nor asked anything of anybody else.

    `execution` stands in for the execution process and its offline agent.
    """

    async def given(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        assert execution is not None
        return execution

    settings = Settings(port=0, data_dir=directory, execution_environment={"AGENT": "offline"})
    drain = Drain()
    async with AsyncExitStack() as stack:
        connect = given if execution else None
        gateway = await stack.enter_async_context(open_gateway(settings, drain, connect))

        def token() -> str | None:
            return made.token() if hand_out_token else None

        url = await stack.enter_async_context(served(Playground(gateway.app, token), drain))

        async def arrive(**options: Any) -> Visitor:
            visitor = await Visitor.arrive(browser, url, **options)
            visitors.append(visitor)
            stack.push_async_callback(visitor.leave)
            return visitor

        visitors: list[Visitor] = []
        made = Scene(gateway, url, arrive)
        yield made
        assert [visitor.complaints for visitor in visitors if visitor.complaints] == []
        assert [visitor.foreign_requests for visitor in visitors if visitor.foreign_requests] == []


@pytest.fixture
async def development(browser: Browser, tmp_path: Path) -> AsyncGenerator[Scene, None]:
    """The page comes with the development user's token."""
    async with scene(browser, tmp_path) as made:
        yield made


@pytest.fixture
async def foreign_issuer(browser: Browser, tmp_path: Path) -> AsyncGenerator[Scene, None]:
    """The page comes without a token."""
    async with scene(browser, tmp_path, hand_out_token=False) as made:
        yield made


@pytest.fixture
def execution() -> ScriptedExecution:
    """What runs the generations of `scripted`."""
    return ScriptedExecution()


@pytest.fixture
async def scripted(
    browser: Browser, tmp_path: Path, execution: ScriptedExecution
) -> AsyncGenerator[Scene, None]:
    """Generations go on when the test says so."""
    async with scene(browser, tmp_path, execution=execution) as made:
        yield made
