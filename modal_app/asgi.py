"""The execution application: the routes of `schema/execution.py` behind the shared secret.

The same application runs on a laptop and behind Modal's web gateway; only what launches runners
differs. Runs do not belong to it: it can be killed and started again while they go on.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from modal_app.agents.claude.command import find_cli
from modal_app.helper_calls.service import HelperCalls
from modal_app.routes import apply, files, health, helper_calls, projects, runs
from modal_app.routes.requests import RequireSecret
from modal_app.routes.responses import failed, problem
from modal_app.routes.state import State
from modal_app.runs.launcher import Launcher, ProcessLauncher, RunnerConfiguration
from modal_app.runs.registry import Runs
from modal_app.runs.selection import resolved_agent
from modal_app.settings import Settings
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import (
    APPLY_FILES,
    BUNDLE,
    DELETE_PROJECT,
    GENERATE,
    GET_FILE,
    HEALTH,
    LIST_FILES,
    RUN_CANCEL,
    RUN_EVENTS,
)
from schema.helper_calls import (
    CHAT_HAIKU,
    DETECT_INTENT,
    DETECT_SKILLS,
    GENERATE_PUBLISH_INFO,
)

_log: Final = logging.getLogger(__name__)


def create_app(settings: Settings, launcher: Launcher | None = None) -> Starlette:
    """The application; runners are processes of this machine unless `launcher` says otherwise."""
    launcher = launcher or process_launcher(settings)
    registry = Runs(settings.layout, launcher, settings.stop_seconds)
    app = Starlette(
        routes=[
            Route(GENERATE, runs.generate, methods=["POST"]),
            Route(RUN_EVENTS, runs.events, methods=["GET"]),
            Route(RUN_CANCEL, runs.cancel, methods=["POST"]),
            Route(BUNDLE, files.bundle, methods=["GET"]),
            Route(GET_FILE, files.get_file, methods=["GET"]),
            Route(LIST_FILES, files.list_files, methods=["GET"]),
            Route(APPLY_FILES, apply.apply_files, methods=["POST"]),
            Route(DELETE_PROJECT, projects.delete_project, methods=["POST"]),
            Route(DETECT_INTENT, helper_calls.detect_intent, methods=["POST"]),
            Route(DETECT_SKILLS, helper_calls.detect_skills, methods=["POST"]),
            Route(CHAT_HAIKU, helper_calls.chat, methods=["POST"]),
            Route(GENERATE_PUBLISH_INFO, helper_calls.generate_publish_info, methods=["POST"]),
            Route(HEALTH, health.health, methods=["GET"]),
        ],
        middleware=[Middleware(RequireSecret, secret=settings.secret)],
        exception_handlers={
            DreamCoreError: _failed,
            HTTPException: _refused,
            ClientDisconnect: _gone,
            Exception: _broken,
        },
        lifespan=_lifespan,
    )
    cli = find_cli(settings.claude_bin, settings.search_path)
    agent = resolved_agent(settings.agent, cli, settings.api_key)
    app.state.execution = State(settings, registry, agent, HelperCalls.configured(settings))
    return app


def process_launcher(settings: Settings) -> ProcessLauncher:
    """Runners as local processes, told what `settings` say about the agent."""
    configuration = RunnerConfiguration(
        agent=settings.agent,
        run_seconds=settings.run_seconds,
        search_path=settings.search_path,
        claude_bin=settings.claude_bin,
        api_key=settings.api_key,
        api_base_url=settings.api_base_url,
        network=settings.network,
    )
    return ProcessLauncher(configuration, settings.runner_environment, settings.runner_module)


def drain(app: Starlette) -> None:
    """End all streams soon; their clients come back and read on, from whoever serves then."""
    app.state.execution.draining.set()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    state: State = app.state.execution
    state.settings.layout.runs.mkdir(mode=0o700, parents=True, exist_ok=True)
    await _recover(state)
    if not state.settings.secret:
        _log.error("no shared secret is configured: every request will be refused")
    async with asyncio.TaskGroup() as group:
        cleaning = group.create_task(_recover_often(state))
        try:
            yield
        finally:
            drain(app)
            cleaning.cancel()
            await state.helper_calls.aclose()


async def _recover_often(state: State) -> None:
    while True:
        await asyncio.sleep(state.settings.recovery_seconds)
        await _recover(state)


async def _recover(state: State) -> None:
    try:
        await asyncio.to_thread(state.runs.recover, state.settings.retention_seconds)
    except OSError:
        _log.exception("the runs cannot be looked through")


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, DreamCoreError)
    return failed(error)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = problem(error.status_code, error.detail)
    response.headers.update(error.headers or {})
    return response


def _gone(request: Request, error: Exception) -> Response:
    return problem(400, "The request was not sent completely")


def _broken(request: Request, error: Exception) -> Response:
    return problem(500, "Internal error", ErrorCode.INTERNAL)
