"""The addresses of the gateway."""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from adapters.auth.issuer import EmbeddedIssuer


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is served; `issuer` only when tokens are our own."""

    graphql: ASGIApp
    issuer: EmbeddedIssuer | None


def application(endpoints: Endpoints) -> Starlette:
    """The ASGI application. Anything unknown is a JSON 404."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def jwks(_: Request) -> Response:
        if endpoints.issuer is None:
            raise HTTPException(404)
        return JSONResponse(
            endpoints.issuer.jwks(), headers={"Cache-Control": "public, max-age=300"}
        )

    return Starlette(
        routes=[
            Route("/graphql", endpoints.graphql),
            WebSocketRoute("/graphql", endpoints.graphql),
            Route("/api/health", health),
            Route("/auth/v1/.well-known/jwks.json", jwks),
        ],
        exception_handlers={HTTPException: _http_error},
    )


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse(
        {"error": error.detail}, status_code=error.status_code, headers=error.headers
    )
