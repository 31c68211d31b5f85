"""The `dreamcore` command."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
import uvloop

from adapters.auth.issuer import EmbeddedIssuer, SigningKeyInvalid
from adapters.graphql.execution import build_schema
from adapters.server import logs
from adapters.server.client import GatewayClient, GatewayRefused, GatewayUnreachable
from adapters.server.compose import ISSUER_DIRECTORY
from adapters.server.doctor import report
from adapters.server.generate import GenerateCommand, Outcome
from adapters.server.ownership import DirectoryInUse, running_at
from adapters.server.rendering import JsonRenderer, Renderer, TerminalRenderer
from adapters.server.serving import (
    DEVELOPMENT_EMAIL,
    DEVELOPMENT_USER,
    TOKEN_LIFETIME,
    on_signals,
    serving,
)
from adapters.server.settings import InvalidSettings, Settings
from adapters.stores.embedded.database import DatabaseTooNew
from adapters.stores.embedded.log_schema import UnknownLogVersion
from schema.errors import DreamCoreError
from schema.graphql.root import Mutation, Query, Subscription
from schema.graphql.scalars import SCALARS

Result = TypeVar("Result")

EXPECTED = (
    DatabaseTooNew,
    DirectoryInUse,
    DreamCoreError,
    GatewayRefused,
    GatewayUnreachable,
    InvalidSettings,
    OSError,
    SigningKeyInvalid,
    UnknownLogVersion,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Browser games by chatting: the gateway, its execution side and its tools."""


@main.command()
def serve() -> None:
    """Serve the gateway until Ctrl-C."""
    settings = _settings()
    logs.configure(settings.log_format)

    async def until_stopped() -> None:
        async with serving(settings) as running:
            place = settings.modal_endpoint if settings.use_modal else "this machine"
            click.echo(f"games are made on {place} (USE_MODAL={str(settings.use_modal).lower()})")
            click.echo(f"GraphQL     {running.url}/graphql")
            if running.token is not None:
                click.echo(f"token       {running.token}")
            click.echo("Ctrl-C stops it; generations that run are taken up by the next start.")
            with on_signals(running.stop):
                await running.ended

    _run(until_stopped)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def execution(arguments: tuple[str, ...]) -> None:
    """Serve the execution application alone; `--help` tells its options."""
    os.execv(sys.executable, [sys.executable, "-m", "modal_app.server", *arguments])


@main.command()
@click.argument("prompt")
@click.option("--project", metavar="ID", help="Change this project instead of making one.")
@click.option("--json", "as_json", is_flag=True, help="One event a line, as JSON.")
@click.option("--url", help="A gateway elsewhere; needs --token.")
@click.option("--token", envvar="DREAMCORE_TOKEN", help="The access token for --url.")
def generate(
    prompt: str, project: str | None, as_json: bool, url: str | None, token: str | None
) -> None:
    """Make or change a game, showing its events. Ctrl-C cancels the run."""
    settings = _settings()
    logs.configure(settings.log_format, level=30)
    renderer: Renderer = JsonRenderer() if as_json else TerminalRenderer()

    async def whole_path() -> Outcome:
        address, credential = url or running_at(settings.gateway_dir), token
        if address is not None:
            if credential is None and url is None:
                credential = _token(settings, DEVELOPMENT_USER, DEVELOPMENT_EMAIL, TOKEN_LIFETIME)
            return await _generate(address, credential, renderer, prompt, project)
        async with serving(replace(settings, port=0)) as running:
            return await _generate(
                running.url, credential or running.token, renderer, prompt, project
            )

    outcome = _run(whole_path)
    if not as_json:
        _conclude(settings, outcome)
    sys.exit(outcome.exit_code)


@main.command()
@click.option("--user", default=DEVELOPMENT_USER, help="The user's UUID.")
@click.option("--email", default=DEVELOPMENT_EMAIL, help="The user's address.")
@click.option("--hours", default=12.0, help="How long it is valid.", show_default=True)
def token(user: str, email: str, hours: float) -> None:
    """Print an access token of the embedded issuer, and nothing else."""
    settings = _settings()

    async def issue() -> str:
        return _token(settings, user, email, timedelta(hours=hours))

    click.echo(_run(issue))


@main.command()
def schema() -> None:
    """Print the GraphQL schema."""
    click.echo(build_schema(Query, Mutation, Subscription, config=SCALARS).as_str())


@main.command()
def doctor() -> None:
    """Tell what is configured, what is reachable, and where generated code would run."""
    settings = _settings()

    async def examine() -> bool:
        healthy = True
        async for finding in report(settings):
            click.echo(f"{finding.mark}  {finding.subject:12} {finding.text}")
            healthy &= finding.well
        return healthy

    sys.exit(0 if _run(examine) else 1)


async def _generate(
    url: str, token: str | None, renderer: Renderer, prompt: str, project: str | None
) -> Outcome:
    if token is None:
        raise GatewayRefused("this gateway takes the tokens of another issuer: pass --token")
    async with httpx.AsyncClient(base_url=url) as http:
        return await GenerateCommand(GatewayClient(http, token), renderer).run(prompt, project)


def _conclude(settings: Settings, outcome: Outcome) -> None:
    event = outcome.event
    click.echo(f"project   {outcome.project_id}")
    if event["__typename"] == "GenerationCompleted" and event["version"]:
        click.echo(f"version   {event['version']['hash']}")
        files = settings.execution_dir / "data" / "users" / DEVELOPMENT_USER
        workspace = files / "projects" / outcome.project_id
        if workspace.is_dir():
            click.echo(f"files     {workspace}")


def _token(settings: Settings, user: str, email: str, lifetime: timedelta) -> str:
    if settings.supabase_url is not None:
        raise GatewayRefused("SUPABASE_URL is set: that project issues the tokens")
    directory: Path = settings.gateway_dir / ISSUER_DIRECTORY
    return EmbeddedIssuer.open(directory).issue(user, email, lifetime)


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except InvalidSettings as error:
        raise click.ClickException(str(error)) from None


def _run(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run on an event loop of its own; expected failures become one line and status 1."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main())
    except ExceptionGroup as group:
        expected = group.subgroup(EXPECTED)
        if expected is None:
            raise
        raise click.ClickException(_told(_first(expected))) from None
    except EXPECTED as error:
        raise click.ClickException(_told(error)) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _told(error: BaseException) -> str:
    match error:
        case DirectoryInUse():
            return f"another gateway owns {error}; stop it or set DATA_DIR"
        case GatewayUnreachable():
            return f"the gateway cannot be reached: {error}"
        case DreamCoreError():
            return f"{error.message} ({error.code})"
        case _:
            return str(error)
