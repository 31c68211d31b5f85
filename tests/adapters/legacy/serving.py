"""Both protocols of one gateway on a real socket."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from adapters.auth.verifier import TokenVerifier
from adapters.graphql.application import GraphQLApplication
from adapters.graphql.context import ContextRequest
from adapters.graphql.drain import Drain
from adapters.graphql.execution import build_schema
from adapters.legacy.application import LegacySocket
from adapters.server.context import OperationContext
from adapters.server.server import Server, configure, listen
from schema.graphql.root import Mutation, Query, Subscription
from schema.graphql.scalars import SCALARS
from tests.resolvers.conftest import Play


class _Server(Server):
    """A server whose owner handles signals."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override] # narrower
        return nullcontext()


def graphql_of(play: Play, identity: TokenVerifier, drain: Drain) -> GraphQLApplication:
    """The typed protocol over the same use cases."""

    async def context_for(request: ContextRequest) -> OperationContext:
        viewer = await identity.authenticate(request.token)
        return OperationContext(
            viewer, play.projects, play.generations, play.assets, play.publishing
        )

    schema = build_schema(Query, Mutation, Subscription, config=SCALARS)
    return GraphQLApplication(schema, context_for=context_for, drain=drain)


def application(legacy: LegacySocket, graphql: GraphQLApplication) -> Starlette:
    """Both protocols at the addresses that they have in the gateway."""
    return Starlette(
        routes=[
            Route("/graphql", graphql),
            WebSocketRoute("/graphql", graphql),
            WebSocketRoute("/{path:path}", legacy),
        ]
    )


@asynccontextmanager
async def serving(app: Starlette, drain: Drain) -> AsyncGenerator[tuple[str, Server], None]:
    """Serve it on a port of its own: the address, and the server."""
    with listen("127.0.0.1", 0) as listener:
        server = _Server(configure(app, lifespan="off"), drain)
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            try:
                await server.ready.wait()
                yield f"http://127.0.0.1:{listener.getsockname()[1]}", server
            finally:
                server.stop()
