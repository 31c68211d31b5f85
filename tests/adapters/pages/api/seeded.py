"""A gateway whose users have projects, versions and a job from the first moment on."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
import jwt

from adapters.auth.issuer import EmbeddedIssuer
from adapters.mirror.mirror import GitMirror
from adapters.server.settings import Settings
from adapters.stores.embedded.store import EmbeddedStore
from schema.execution import ExecutionEvent
from schema.models import Plan, Project, Route
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.exchange import Reply, exchange
from tests.adapters.pages.served import INDEX, P1, P2, U1, U2
from tests.contracts.records import AT, a_generation
from tests.gateway.conftest import Scene, open_scene

U3: Final = "33333333-3333-4333-8333-333333333333"
P3: Final = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
J1: Final = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
NOWHERE: Final = "550e8400-e29b-41d4-a716-446655440000"
TITLE: Final = "星のゲーム 🎮"
PAGE: Final = "<title>星</title>ようこそ\ufeff".encode() + b"\xff"
RECORDED_FILES: Final = {
    "index.html": INDEX,
    "js/app.js": b"console.log(1)\n",
    "two.html": b"<body>nohead",
}
FILES: Final = {
    "index.html": PAGE,
    "js/app.js": b"1",
    "assets/星 と月.png": bytes(range(256)) * 20,
    "assets/sounds/a.txt": b"",
    "assets/a\\..\\b.txt": b"outside",
    "assets/.hidden": b"secret",
    "assetsome.txt": b"no asset",
    ".env": b"secret",
}
_TOKENS: Final[dict[str, dict[str, object]]] = {
    "expired": {"exp": 1_700_000_000},
    "badiss": {"iss": "https://elsewhere.example/auth/v1"},
    "badaud": {"aud": "anon"},
}


@dataclass(frozen=True)
class Seeded:
    """P1 and the running job J1 belong to U1, P2 (no version) to U2, P3 to U3."""

    scene: Scene

    async def send(
        self,
        target: str,
        user_id: str | None = U1,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request, with the user's token as a header."""
        port = urlsplit(self.scene.url).port
        assert port is not None
        sent = dict(headers or {})
        if user_id is not None:
            sent["Authorization"] = f"Bearer {self.scene.token_of(user_id)}"
        return await exchange(port, method, target, sent)

    def bad_token(self, kind: str) -> str:
        """Signed with the right key, but wrong: `expired`, `badiss`, `badaud` or `garbage`."""
        if kind == "garbage":
            return kind
        directory = Settings(data_dir=self.scene.data_dir).gateway_dir / "issuer"
        issuer = EmbeddedIssuer.open(directory)
        good = issuer.issue(U1, None, timedelta(hours=1))
        claims = jwt.decode(good, options={"verify_signature": False}) | _TOKENS[kind]
        key = (directory / "signing-key.pem").read_bytes()
        return jwt.encode(claims, key, "ES256", headers={"kid": issuer.kid})

    async def start(self, message: str = "a game") -> str:
        """The id of a job of U3 in P3."""
        return await self.scene.start(message, self.scene.token_of(U3), P3)

    async def ended(self, job_id: str, *events: ExecutionEvent) -> dict[str, Any]:
        """The row of a job of U3, once its run has said these things and has ended."""
        self.scene.execution.say(job_id, *events)
        await self.scene.stored(job_id)
        # Stopping waits for the row, which follows the log.
        reply = await self.send(f"/api/jobs/{job_id}/cancel", U3, "POST")
        row: dict[str, Any] = reply.json["job"]
        return row


@asynccontextmanager
async def seeded(directory: Path) -> AsyncGenerator[Seeded, None]:
    """The gateway for the block."""
    gateway = Settings(data_dir=directory / "data").gateway_dir
    gateway.mkdir(parents=True)
    first = Project(P1, U1, "Game One", AT, AT)
    job = replace(a_generation(first, id=J1), plan=Plan(Route.RUN, "a game"))
    async with EmbeddedStore.open(gateway / "store.db") as store:
        for project in (first, Project(P2, U2, "Game Two", AT, AT), Project(P3, U3, TITLE, AT, AT)):
            await store.create_project(project)
        await store.create_generation(job)
    mirror = GitMirror.open(gateway / "mirror")
    for project_id, files in ((P1, RECORDED_FILES), (P3, FILES)):
        source = Source(directory / project_id)
        version = await anyio.to_thread.run_sync(source.commit, files)
        bundle = await anyio.to_thread.run_sync(source.bundle)
        await mirror.receive(project_id, version, pieces(bundle))
    async with open_scene(directory / "data") as scene:
        yield Seeded(scene)
