"""The whole gateway on a real socket, with the users and projects of the recorded exchanges.

Source: `contract/legacy-http-golden.md` (fixture). Tokens come from a provider of their own, as
those of browsers do; execution is scripted, and no provider of pictures is configured.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
import httpx

from adapters.mirror.mirror import GitMirror
from adapters.server.serving import Serving, serving
from adapters.server.settings import Settings
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from schema.execution import Stream
from schema.execution_port import Execution
from schema.models import Plan, Project, Route
from tests.adapters.auth.provider import SigningKey, jwks_server
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.exchange import Reply, exchange
from tests.adapters.pages.served import INDEX, ORIGIN, P1, P2, U1, U2
from tests.contracts.records import AT, a_generation
from tests.resolvers.scripted_execution import ScriptedExecution

J1: Final = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
NOWHERE: Final = "550e8400-e29b-41d4-a716-446655440000"
NAMES: Final = {P1: "Game One", P2: "Game Two"}
OWNERS: Final = {P1: U1, P2: U2}
EMAILS: Final = {U1: "one@example.com", U2: "two@example.com"}
FILES: Final = {
    "index.html": INDEX,
    "js/app.js": b"console.log(1)\n",
    "two.html": b"<body>nohead",
}
PAGES: Final = (
    *(f"{page}.html" for page in ("index", "create", "editor", "play", "publish")),
    *(f"{page}.html" for page in ("mypage", "discover", "notifications")),
    *("style.css", "auth.js", "lib/supabase.min.js", "images/styles/2d/pop/neon.webp"),
)
_WRONG: Final[dict[str, dict[str, object]]] = {
    "expired": {"exp": 1_700_000_000},
    "badiss": {"iss": "https://elsewhere.example/auth/v1"},
    "badaud": {"aud": "anon"},
}


@dataclass(frozen=True)
class Stand:
    """A running gateway. P1 and the pending job J1 belong to U1, P2 (no version) to U2."""

    serving: Serving
    execution: ScriptedExecution
    supabase_url: str
    key: SigningKey
    settings: Settings

    @property
    def port(self) -> int:
        """Where it listens."""
        port = urlsplit(self.serving.url).port
        assert port is not None
        return port

    def token(self, user_id: str, kind: str | None = None) -> str:
        """Of the user; a `kind` is one of `expired`, `badiss`, `badaud` and `garbage`."""
        if kind == "garbage":
            return kind
        claims: dict[str, Any] = {"iss": f"{self.supabase_url}/auth/v1", "sub": user_id}
        claims |= {"email": EMAILS.get(user_id)} | _WRONG.get(kind or "", {})
        return self.key.token(**claims)

    async def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """One request on a connection of its own."""
        return await exchange(self.port, method, target, headers, body)

    async def cut(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        """A request whose connection ends in the middle of its body."""
        fields = {"Host": "x", **headers, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        async with await anyio.connect_tcp("127.0.0.1", self.port) as stream:
            start = f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode()
            await stream.send(start + body[: len(body) // 2])

    def stored_files(self) -> set[str]:
        """Keys of everything that users have stored; half-written files too."""
        objects = self.settings.gateway_dir / "objects"
        return {str(path.relative_to(objects)) for path in objects.rglob("*") if path.is_file()}

    async def add_movie(self, data: bytes) -> None:
        """As if one had been made for P1."""
        storage = await DirectoryStorage.open(self.settings.gateway_dir / "objects")
        await storage.write(f"users/{U1}/projects/{P1}/movie.mp4", data)


Seeding = Callable[[Settings, ScriptedExecution], Awaitable[None]]


@asynccontextmanager
async def open_stand(
    directory: Path, seed_more: Seeding | None = None
) -> AsyncGenerator[Stand, None]:
    """The gateway for the block, with a frontend of small files."""
    key, execution = SigningKey("current"), ScriptedExecution()

    async def connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        return execution

    async with jwks_server(key) as provider:
        supabase_url = provider.url.partition("/auth/")[0]
        settings = Settings(
            port=0,
            data_dir=directory / "data",
            frontend_dir=await anyio.to_thread.run_sync(_frontend, directory / "public"),
            supabase_url=supabase_url,
            supabase_anon_key="anon-key",
            allowed_origins=(ORIGIN,),
        )
        await _seed(settings, directory)
        if seed_more is not None:
            await seed_more(settings, execution)
        execution.say(J1, Stream("…", 1))
        async with serving(settings, connect) as running:
            yield Stand(running, execution, supabase_url, key, settings)


def _frontend(directory: Path) -> Path:
    for name in PAGES:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<title>{name}</title>")
    return directory


async def _seed(settings: Settings, directory: Path) -> None:
    gateway = settings.gateway_dir
    gateway.mkdir(parents=True)
    projects = {id: Project(id, OWNERS[id], name, AT, AT) for id, name in NAMES.items()}
    job = replace(a_generation(projects[P1], id=J1), plan=Plan(Route.RUN, "a game"))
    async with EmbeddedStore.open(gateway / "store.db") as store:
        for project in projects.values():
            await store.create_project(project)
        await store.create_generation(job)
    source = Source(directory / "source")
    version = await anyio.to_thread.run_sync(source.commit, FILES)
    bundle = await anyio.to_thread.run_sync(source.bundle)
    await GitMirror.open(gateway / "mirror").receive(P1, version, pieces(bundle))
