"""The addresses of the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from adapters.auth.issuer import EmbeddedIssuer
from adapters.pages import frontend, game_routes, service
from adapters.pages.games import GameServer
from adapters.pages.routing import not_found
from adapters.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is served: `api` to viewers; `issuer` only when tokens are our own."""

    graphql: ASGIApp
    legacy: ASGIApp
    games: GameServer
    api: Sequence[BaseRoute]
    issuer: EmbeddedIssuer | None


def application(endpoints: Endpoints, settings: Settings) -> Starlette:
    """The ASGI application. The order matters: the frontend takes whatever is left."""
    return Starlette(
        routes=[
            Route("/graphql", endpoints.graphql),
            WebSocketRoute("/graphql", endpoints.graphql),
            WebSocketRoute("/{path:path}", endpoints.legacy),
            *_keys(endpoints.issuer),
            service.health_route(),
            service.config_route(settings.supabase_url, settings.supabase_anon_key),
            *endpoints.api,
            *game_routes.routes(endpoints.games, settings.allowed_origins),
            *frontend.routes(settings.frontend_dir),
        ],
        exception_handlers={404: not_found, 405: not_found},
    )


def _keys(issuer: EmbeddedIssuer | None) -> Sequence[BaseRoute]:
    if issuer is None:
        return ()

    async def jwks(_: Request) -> Response:
        return JSONResponse(issuer.jwks(), headers={"Cache-Control": "public, max-age=300"})

    return (Route("/auth/v1/.well-known/jwks.json", jwks),)
