"""The gateway that a command speaks to, and the token it speaks with."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx

from adapters.auth.issuer import EmbeddedIssuer
from adapters.server.client import GatewayClient, GatewayRefused, GatewayUnreachable
from adapters.server.compose import ISSUER_DIRECTORY
from adapters.server.connecting import client_of
from adapters.server.development import DEVELOPMENT_EMAIL, DEVELOPMENT_USER, TOKEN_LIFETIME
from adapters.server.ownership import running_at
from adapters.server.serving import serving
from adapters.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Reached:
    """A gateway. `url` is its base URL; `made` says that it ends with the block."""

    client: GatewayClient
    url: str
    made: bool


@asynccontextmanager
async def gateway_for(
    settings: Settings, url: str | None, token: str | None
) -> AsyncGenerator[Reached, None]:
    """The gateway at `url`, or the one that runs here, or one that is made for the block.

    Raises `GatewayRefused` without a token for it, `GatewayUnreachable`, and as `serving` does.
    """
    async with AsyncExitStack() as stack:
        address = url or running_at(settings.gateway_dir)
        made = address is None
        if address is None:
            running = await stack.enter_async_context(serving(replace(settings, port=0)))
            address, token = running.url, token or running.token
        elif url is None:
            token = token or token_for(
                settings, DEVELOPMENT_USER, DEVELOPMENT_EMAIL, TOKEN_LIFETIME
            )
        if token is None:
            raise GatewayRefused("this gateway takes the tokens of another issuer: pass --token")
        try:
            http = client_of(address, ours=url is None)
        except httpx.InvalidURL as error:
            raise GatewayUnreachable(str(error)) from error
        yield Reached(GatewayClient(await stack.enter_async_context(http), token), address, made)


def token_for(settings: Settings, user: str, email: str, lifetime: timedelta) -> str:
    """A token of the embedded issuer. Raises `GatewayRefused` where that is not in charge."""
    if settings.supabase_url is not None:
        raise GatewayRefused("SUPABASE_URL is set: that project issues the tokens")
    return EmbeddedIssuer.open(settings.gateway_dir / ISSUER_DIRECTORY).issue(user, email, lifetime)
