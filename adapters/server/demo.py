"""`dreamcore demo`: everything with embedded defaults, one game, and the address to play it at."""

import errno
import json
from dataclasses import replace
from typing import Final

import click
import httpx

from adapters.server.client import GatewayClient, GatewayRefused
from adapters.server.connecting import client_of
from adapters.server.development import DEVELOPMENT_USER
from adapters.server.generate import GenerateCommand
from adapters.server.interruption import interruptible
from adapters.server.rendering import Renderer
from adapters.server.server import listen
from adapters.server.serving import serving
from adapters.server.settings import Settings

ANY_PORT: Final = 0


async def demonstrate(
    settings: Settings, renderer: Renderer, prompt: str, *, stay: bool, as_json: bool = False
) -> int:
    """Make one game and tell its address; with `stay` serve it until Ctrl-C.

    Without, the address is tried. With `as_json` standard output gets `{"url": …}` and no other
    words. Returns the exit status: non-zero when anything failed.
    """
    if settings.supabase_url is not None:
        raise GatewayRefused("SUPABASE_URL is set: that project issues the tokens")
    async with interruptible() as interrupted, serving(on_a_free_port(settings)) as running:
        assert running.token is not None  # the issuer is our own
        async with client_of(running.url, ours=True) as http:
            client = GatewayClient(http, running.token)
            command = GenerateCommand(client, renderer, interrupted, patient=True)
            outcome = await command.run(prompt, None)
            renderer.close()
            if outcome.exit_code != 0:
                return outcome.exit_code
            url = game_url(running.url, running.token, outcome.project_id)
            click.echo(json.dumps({"url": url}) if as_json else f"\nplay it at  {url}")
            if not stay:
                status = (await http.get(url)).status_code
                click.echo(f"the address answers {status}", err=as_json)
                click.echo("`dreamcore serve` makes it playable again", err=as_json)
                return 0 if status == httpx.codes.OK else 1
        click.echo(f"playground  {running.url}/graphql\nCtrl-C stops the server.", err=as_json)
        await interrupted.wait()
    return 0


def game_url(base: str, token: str, project_id: str) -> str:
    """Where the development user plays a project's game."""
    return f"{base}/game/{DEVELOPMENT_USER}/{project_id}/index.html?access_token={token}"


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
