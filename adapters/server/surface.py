"""Everything that clients can reach, around the use cases."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp

from adapters.auth.issuer import EmbeddedIssuer
from adapters.graphql.application import GraphQLApplication
from adapters.graphql.context import ContextRequest
from adapters.graphql.drain import Drain
from adapters.graphql.execution import build_schema
from adapters.legacy.application import LegacySocket
from adapters.pages.api import routes as api
from adapters.pages.assets import routes as asset_routes
from adapters.pages.games import GameServer
from adapters.pages.grants import Grants
from adapters.pages.publishing import routes as publish_routes
from adapters.playground.pages import Playground
from adapters.server.asgi import Endpoints, application
from adapters.server.context import OperationContext
from adapters.server.development import development_token
from adapters.server.settings import Settings
from adapters.server.use_cases import UseCases
from schema.graphql.root import Mutation, Query, Subscription
from schema.graphql.scalars import SCALARS
from schema.mirror import Mirror
from schema.ports import Identity
from schema.providers import Providers


@dataclass(frozen=True, slots=True)
class Inside:
    """What the protocols are built on. `pictures` are the addresses of the styles' pictures."""

    identity: Identity
    issuer: EmbeddedIssuer | None
    use_cases: UseCases
    providers: Providers
    mirror: Mirror
    grants: Grants
    drain: Drain
    pictures: Mapping[tuple[str, str], str]


def surface(inside: Inside, settings: Settings) -> ASGIApp:
    """The gateway as one ASGI application."""
    games = GameServer(inside.identity, inside.use_cases.projects.get, inside.mirror, inside.grants)
    graphql = _graphql(inside, settings)
    pages = api.routes(
        inside.identity, inside.use_cases.projects, inside.use_cases.generations, inside.mirror
    )
    pages += publish_routes.routes(
        inside.identity,
        inside.use_cases.projects,
        inside.use_cases.generations,
        inside.use_cases.publishing,
        inside.providers,
        settings.allowed_origins,
    )
    pages += asset_routes.routes(inside.identity, inside.use_cases.assets, settings.allowed_origins)
    legacy = _legacy(inside)
    endpoints = Endpoints(graphql, legacy, games, pages, inside.issuer)
    return Playground(
        application(endpoints, settings),
        lambda: development_token(inside.issuer),
        hosts=[settings.host],
        pages=("/graphql",) if settings.frontend_dir else ("/graphql", "/"),
    )


def _graphql(inside: Inside, settings: Settings) -> ASGIApp:
    async def context_for(request: ContextRequest) -> OperationContext:
        viewer = await inside.identity.authenticate(request.token)
        return OperationContext(
            viewer,
            inside.use_cases.projects,
            inside.use_cases.generations,
            inside.use_cases.assets,
            inside.use_cases.publishing,
            request.last_event_id,
        )

    return GraphQLApplication(
        build_schema(Query, Mutation, Subscription, config=SCALARS),
        context_for=context_for,
        drain=inside.drain,
        allowed_origins=settings.allowed_origins,
    )


def _legacy(inside: Inside) -> ASGIApp:
    return LegacySocket(
        inside.identity,
        inside.use_cases.projects,
        inside.use_cases.generations,
        drain=inside.drain,
        style_images=lambda dimension, preset: inside.pictures.get((dimension, preset)),
    )
