"""The `dreamcore` command."""

import asyncio
import gc
import logging
import os
import sys
from contextlib import closing
from datetime import timedelta

import click

from adapters.graphql.execution import build_schema
from adapters.server import logs
from adapters.server.cli_gateway import Reached, gateway_for, token_for
from adapters.server.cli_running import run
from adapters.server.demo import demonstrate, game_url
from adapters.server.development import DEVELOPMENT_EMAIL, DEVELOPMENT_USER
from adapters.server.doctor import report
from adapters.server.generate import GenerateCommand, Outcome
from adapters.server.interruption import interruptible
from adapters.server.rendering import JsonRenderer, Renderer, TerminalRenderer
from adapters.server.serving import base_url, serving
from adapters.server.settings import InvalidSettings, Settings
from resolvers.generations import checked
from schema.graphql.root import Mutation, Query, Subscription
from schema.graphql.scalars import SCALARS
from schema.models import StartGeneration


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Browser games by chatting: the gateway, its execution side and its tools."""


@main.command()
def serve() -> None:
    """Serve the gateway until Ctrl-C."""
    settings = _settings()
    logs.configure(settings.log_format)

    async def until_stopped() -> None:
        async with interruptible() as stopped:
            await serve_until(stopped)

    async def serve_until(stopped: asyncio.Event) -> None:
        async with serving(settings) as running:
            gc.freeze()  # what start-up made stays: no full collection walks through it again
            place = settings.modal_endpoint if settings.use_modal else "this machine"
            click.echo(f"games are made on {place} (USE_MODAL={str(settings.use_modal).lower()})")
            click.echo(f"GraphQL     {running.url}/graphql")
            if running.token is not None:
                click.echo(f"token       {running.token}")
            click.echo("Ctrl-C stops it; generations that run are taken up by the next start.")
            await stopped.wait()

    run(until_stopped)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def execution(arguments: tuple[str, ...]) -> None:
    """Serve the execution application alone."""
    os.execv(sys.executable, [sys.executable, "-m", "modal_app.server", *arguments])


@main.command()
@click.argument("prompt")
@click.option("--project", metavar="ID", help="Change this project instead of making one.")
@click.option("--json", "as_json", is_flag=True, help="One event a line, as JSON.")
@click.option("--url", help="A gateway elsewhere; needs --token.", metavar="URL")
@click.option(
    "--token", envvar="DREAMCORE_TOKEN", show_envvar=True, help="The access token for --url."
)
def generate(
    prompt: str, project: str | None, as_json: bool, url: str | None, token: str | None
) -> None:
    """Make or change a game, showing its events. Ctrl-C cancels the run, once more leaves it."""
    settings = _settings()
    logs.configure(settings.log_format, level=logging.WARNING)
    renderer: Renderer = JsonRenderer() if as_json else TerminalRenderer()

    async def whole_path() -> tuple[Outcome, Reached]:
        checked(StartGeneration(project or "", prompt))
        async with (
            interruptible() as interrupted,
            gateway_for(settings, url, token) as reached,
        ):
            command = GenerateCommand(reached.client, renderer, interrupted, patient=reached.made)
            return await command.run(prompt, project), reached

    with closing(renderer):
        outcome, reached = run(whole_path)
    if not as_json and not outcome.interrupted:
        _conclude(settings, outcome)
        if outcome.exit_code == 0 and url is None:
            _tell_where_to_play(settings, outcome.project_id, reached)
    sys.exit(outcome.exit_code)


@main.command()
@click.argument("prompt", default="a neon breakout game")
@click.option("--json", "as_json", is_flag=True, help="One event a line, as JSON; then the URL.")
def demo(prompt: str, as_json: bool) -> None:
    """Make one game and tell where to play it.

    Everything has its embedded default. On a terminal the game is served until Ctrl-C.
    """
    settings = _settings()
    logs.configure(settings.log_format, level=logging.WARNING)
    renderer: Renderer = JsonRenderer() if as_json else TerminalRenderer()
    stay = sys.stdout.isatty() and not settings.in_ci
    with closing(renderer):
        sys.exit(run(lambda: demonstrate(settings, renderer, prompt, stay=stay, as_json=as_json)))


@main.command()
@click.option("--user", default=DEVELOPMENT_USER, help="The user's UUID.")
@click.option("--email", default=DEVELOPMENT_EMAIL, help="The user's address.")
@click.option(
    "--hours", default=12, type=click.IntRange(1, 8760), show_default=True, help="Validity."
)
def token(user: str, email: str, hours: int) -> None:
    """Print an access token of the embedded issuer, and nothing else."""
    settings = _settings()

    async def issue() -> str:
        return token_for(settings, user, email, timedelta(hours=hours))

    click.echo(run(issue))


@main.command()
def schema() -> None:
    """Print the GraphQL schema."""
    click.echo(build_schema(Query, Mutation, Subscription, config=SCALARS).as_str())


@main.command()
def doctor() -> None:
    """Tell what is configured, what is reachable and what is weak."""
    settings = _settings()

    async def examine() -> bool:
        healthy = True
        async for finding in report(settings):
            click.echo(f"{finding.mark}  {finding.subject:12} {finding.text}")
            healthy &= finding.well
        return healthy

    sys.exit(0 if run(examine) else 1)


def _conclude(settings: Settings, outcome: Outcome) -> None:
    event = outcome.event
    if event["__typename"] == "GenerationRefused":
        raise click.ClickException(f"{event['error']} ({event['code']})")
    click.echo(f"project   {outcome.project_id}")
    if event["__typename"] == "GenerationCompleted" and event["version"]:
        click.echo(f"version   {event['version']['hash']}")
        files = settings.execution_dir / "data" / "users" / DEVELOPMENT_USER
        workspace = files / "projects" / outcome.project_id
        if workspace.is_dir():
            click.echo(f"files     {workspace}")


def _tell_where_to_play(settings: Settings, project_id: str, reached: Reached) -> None:
    base = base_url(settings.host, settings.port) if reached.made else reached.url
    click.echo(f"play it   {game_url(base, reached.client.token, project_id)}")
    if reached.made:
        click.echo("          while `dreamcore serve` runs")


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except InvalidSettings as error:
        raise click.ClickException(str(error)) from None
