"""The asset pages on a real socket, over real identity, rows and files."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys
from adapters.auth.verifier import TokenVerifier
from adapters.graphql.drain import Drain
from adapters.pages import frontend
from adapters.pages.assets import routes
from adapters.pages.routing import not_found
from adapters.server.server import Server, configure, listen
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.assets import AssetUseCases
from schema.models import Project
from tests.adapters.pages.assets.forms import PNG, Part, form
from tests.adapters.pages.served import ORIGIN, P1, P2, U1, U2

UPLOAD: Final = "/api/assets/upload"
Row = dict[str, Any]


@dataclass
class Clock:
    """Time that a test moves; a millisecond passes whenever somebody looks."""

    at: datetime = field(default=datetime(2026, 1, 27, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Now."""
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass
class Library:
    """A running server and what is behind it. P1 belongs to U1, P2 to U2."""

    port: int
    http: httpx.AsyncClient
    issuer: EmbeddedIssuer
    store: EmbeddedStore
    cases: AssetUseCases
    clock: Clock
    objects: Path

    def token(self, user_id: str = U1) -> str:
        """A good access token."""
        return self.issuer.issue(user_id, None, timedelta(hours=1))

    def bearer(self, user_id: str | None = U1) -> dict[str, str]:
        """The token as a header; nothing for nobody."""
        return {} if user_id is None else {"Authorization": f"Bearer {self.token(user_id)}"}

    async def send(
        self,
        method: str,
        target: str,
        user_id: str | None = U1,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> httpx.Response:
        """One request."""
        sent = {**self.bearer(user_id), **(headers or {})}
        return await self.http.request(method, target, headers=sent, **body)

    async def get(
        self, target: str, user_id: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One request, of nobody if not said otherwise."""
        return await self.send("GET", target, user_id, headers)

    async def post(self, *parts: Part, user_id: str | None = U1) -> httpx.Response:
        """A form to the address for uploads."""
        content_type, body = form(*parts)
        headers = {"Content-Type": content_type}
        return await self.send("POST", UPLOAD, user_id, headers, content=body)

    async def uploaded(
        self,
        name: str = "player.png",
        data: bytes = PNG,
        media_type: str = "image/png",
        user_id: str = U1,
        **texts: str,
    ) -> Row:
        """What is told of an upload that succeeds."""
        file = Part("file", data, name, media_type)
        parts = [Part(key, value.encode()) for key, value in texts.items()]
        response = await self.post(*parts, file, user_id=user_id)
        assert response.status_code == 200, response.text
        row: Row = response.json()["asset"]
        return row

    async def listed(self, user_id: str = U1) -> list[Row]:
        """The user's assets."""
        rows: list[Row] = (await self.get("/api/assets", user_id)).json()["assets"]
        return rows

    def files(self) -> list[str]:
        """Names of the stored files, sorted; unfinished ones too."""
        return sorted(path.name for path in self.objects.rglob("*") if path.is_file())


@asynccontextmanager
async def serving(directory: Path) -> AsyncGenerator[Library, None]:
    """The pages, until the block ends."""
    clock, at = Clock(), datetime(2026, 1, 27, tzinfo=UTC)
    issuer = EmbeddedIssuer.open(directory / "issuer")
    identity = TokenVerifier(LocalKeys(issuer), issuer.issuer)
    objects = directory / "objects"
    storage = await DirectoryStorage.open(objects)
    async with EmbeddedStore.open(directory / "store.db") as store:
        for project_id, user_id, name in ((P1, U1, "Game One"), (P2, U2, "Game, Two")):
            await store.create_project(Project(project_id, user_id, name, at, at))
        cases = AssetUseCases(store, store.assets, storage, clock)
        app = Starlette(
            routes=[*routes.routes(identity, cases, (ORIGIN,)), *frontend.routes(None)],
            exception_handlers={404: not_found, 405: not_found},
        )
        server = Server(configure(app), Drain())
        with listen("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
            async with asyncio.TaskGroup() as group:
                group.create_task(server.serve(sockets=[listener]))
                await server.ready.wait()
                base = f"http://127.0.0.1:{port}"
                try:
                    async with httpx.AsyncClient(base_url=base, timeout=30) as http:
                        yield Library(port, http, issuer, store, cases, clock, objects)
                finally:
                    server.stop()
