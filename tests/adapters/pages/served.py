"""Pages and games on a real socket, over real identity, store and mirror."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys
from adapters.auth.verifier import TokenVerifier
from adapters.graphql.drain import Drain
from adapters.mirror.mirror import GitMirror
from adapters.pages import frontend, game_routes, service
from adapters.pages.games import GameServer
from adapters.pages.grants import Grants
from adapters.pages.publishing.routes import thumbnail_route
from adapters.pages.routing import not_found
from adapters.providers.pictures import PillowPictures
from adapters.server.server import Server, configure, listen
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.access import Access
from resolvers.publishing import PublishingUseCases
from schema.models import Project
from schema.providers import Providers
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.exchange import Reply, exchange
from tests.resolvers.scripted_execution import ScriptedExecution

U1: Final = "11111111-1111-4111-8111-111111111111"
U2: Final = "22222222-2222-4222-8222-222222222222"
P1: Final = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
P2: Final = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
ORIGIN: Final = "http://localhost:3000"
GAME: Final = f"/game/{U1}/{P1}"
INDEX: Final = b"<!DOCTYPE html><html><head><title>x</title></head><body>hi</body></html>"


@dataclass
class Clock:
    """Time that a test moves."""

    now: float = 1_769_483_504.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


@dataclass
class Served:
    """A running server and what is behind it. P1 belongs to U1, P2 to U2; none has a version."""

    port: int
    issuer: EmbeddedIssuer
    mirror: GitMirror
    source: Source
    clock: Clock
    frontend: Path

    @property
    def address(self) -> str:
        """Of the server, for browsers."""
        return f"http://127.0.0.1:{self.port}"

    def token(self, user_id: str = U1) -> str:
        """A good access token."""
        return self.issuer.issue(user_id, None, timedelta(hours=1))

    def bearer(self, user_id: str = U1) -> dict[str, str]:
        """The token as a header."""
        return {"Authorization": f"Bearer {self.token(user_id)}"}

    async def publish(self, files: Mapping[str, bytes], project_id: str = P1) -> str:
        """A new version of a project, with these files added."""
        version = await asyncio.to_thread(self.source.commit, files)
        bundle = await asyncio.to_thread(self.source.bundle)
        await self.mirror.receive(project_id, version, pieces(bundle))
        return version

    async def get(
        self, target: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Reply:
        """One request."""
        return await exchange(self.port, method, target, headers)

    async def granted(self, path: str = "index.html") -> str:
        """The address to which a browser that opens the game is sent."""
        headers = {"Accept": "text/html,*/*"}
        reply = await self.get(f"{GAME}/{path}?access_token={self.token()}", headers)
        assert reply.status == 302
        return reply.headers["location"]


@asynccontextmanager
async def serving(directory: Path, *, with_frontend: bool = True) -> AsyncGenerator[Served, None]:
    """Everything that this folder serves, until the block ends."""
    clock, at = Clock(), datetime(2026, 1, 27, tzinfo=UTC)
    issuer = EmbeddedIssuer.open(directory / "issuer")
    mirror = GitMirror.open(directory / "mirror")
    public = directory / "public"
    public.mkdir()
    async with EmbeddedStore.open(directory / "store.db") as store:
        for project_id, user_id in ((P1, U1), (P2, U2)):
            await store.create_project(Project(project_id, user_id, "Game", at, at))
        games = GameServer(
            TokenVerifier(LocalKeys(issuer), issuer.issuer),
            Access(store).project,
            mirror,
            Grants(b"k" * 32, clock),
        )
        storage = await DirectoryStorage.open(directory / "objects")
        publishing = PublishingUseCases(
            store,
            store.drafts,
            store.assets,
            storage,
            mirror,
            ScriptedExecution(),
            PillowPictures(),
            Providers(),
        )
        routes = [
            service.health_route(),
            service.config_route("https://project.example", "anon-key"),
            thumbnail_route(publishing),
            *game_routes.routes(games, (ORIGIN,)),
            *frontend.routes(public if with_frontend else None),
        ]
        handlers = {404: not_found, 405: not_found}
        server = Server(configure(Starlette(routes=routes, exception_handlers=handlers)), Drain())
        with listen("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
            source = Source(directory / "source")
            async with asyncio.TaskGroup() as group:
                group.create_task(server.serve(sockets=[listener]))
                await server.ready.wait()
                try:
                    yield Served(port, issuer, mirror, source, clock, public)
                finally:
                    server.stop()
