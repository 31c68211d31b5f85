"""`dreamcore demo`: everything with embedded defaults, one game, and the address to play it at."""

import asyncio
import errno
from dataclasses import replace
from typing import Final

import click
import httpx

from adapters.server.client import GatewayClient
from adapters.server.development import DEVELOPMENT_USER
from adapters.server.generate import GenerateCommand
from adapters.server.rendering import Renderer
from adapters.server.server import listen
from adapters.server.serving import Serving, on_signals, serving
from adapters.server.settings import Settings

ANY_PORT: Final = 0


async def demonstrate(settings: Settings, renderer: Renderer, prompt: str, *, stay: bool) -> int:
    """Make one game and tell its address; with `stay` serve it until Ctrl-C.

    Without, the address is tried. Returns the exit status: non-zero when anything failed.
    """
    interrupted = asyncio.Event()
    with on_signals(interrupted.set):
        async with serving(on_a_free_port(settings)) as running:
            assert running.token is not None  # embedded defaults
            async with httpx.AsyncClient(base_url=running.url) as http:
                client = GatewayClient(http, running.token)
                command = GenerateCommand(client, renderer, interrupted, patient=True)
                outcome = await command.run(prompt, None)
                renderer.close()
                if outcome.exit_code != 0:
                    return outcome.exit_code
                url = game_url(running, outcome.project_id)
                click.echo(f"\nplay it at  {url}")
                if not stay:
                    return await _tried(http, url)
            click.echo(f"playground  {running.url}/graphql\nCtrl-C stops the server.")
            await interrupted.wait()
    return 0


async def _tried(http: httpx.AsyncClient, url: str) -> int:
    answer = await http.get(url)
    click.echo(f"the address answers {answer.status_code}")
    return 0 if answer.status_code == httpx.codes.OK else 1


def game_url(running: Serving, project_id: str) -> str:
    """Where the development user plays a project's game."""
    page = f"{running.url}/game/{DEVELOPMENT_USER}/{project_id}/index.html"
    return f"{page}?access_token={running.token}"


def on_a_free_port(settings: Settings) -> Settings:
    """The same settings, with any other port when theirs is taken."""
    try:
        listen(settings.host, settings.port).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        click.echo(f"port {settings.port} is busy, taking another", err=True)
        return replace(settings, port=ANY_PORT)
    return settings
