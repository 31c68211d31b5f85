"""A gateway whose providers are a stub on a socket, or are missing."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import anyio
import httpx
import msgspec

from adapters.mirror.mirror import GitMirror
from adapters.server.serving import Serving, serving
from adapters.server.settings import Settings
from adapters.stores.embedded.store import EmbeddedStore
from schema.errors import DreamCoreError
from schema.execution_port import Execution
from schema.helper_calls import PublishInfo, PublishInfoRequest
from schema.models import Project
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.assets.forms import Part, form
from tests.adapters.pages.exchange import Reply, exchange
from tests.adapters.pages.served import INDEX, P1, P2, U1, U2
from tests.adapters.providers.stub import KEY, Stub, provider
from tests.contracts.records import AT
from tests.resolvers.scripted_execution import ScriptedExecution

FILES: Final = {"index.html": INDEX, "specs/game.md": "# 星\nCollect stars.".encode()}
ADDRESS: Final = f"/api/projects/{P1}"
DRAFT: Final = f"{ADDRESS}/publish-draft"


class PublishExecution(ScriptedExecution):
    """Says `info` of every game, or fails with `failure`."""

    def __init__(self) -> None:
        super().__init__()
        self.info = PublishInfo("星", "Collect stars.", "Arrow keys", ("star",))
        self.failure: DreamCoreError | None = None
        self.described: list[PublishInfoRequest] = []

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        """The same words whatever the game is."""
        self.described.append(request)
        await self._think("publish_info")
        if self.failure is not None:
            raise self.failure
        return self.info


@dataclass(frozen=True)
class Stand:
    """P1 with a version belongs to U1, P2 without one to U2."""

    serving: Serving
    execution: PublishExecution
    provider: Stub
    objects: Path

    async def send(
        self,
        method: str,
        target: str,
        body: object = None,
        user_id: str | None = U1,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request; `body` is sent as JSON, bytes as they are."""
        sent = dict(headers or {})
        if user_id is not None:
            assert self.serving.gateway.issuer is not None
            token = self.serving.gateway.issuer.issue(user_id, None, timedelta(hours=1))
            sent.setdefault("Authorization", f"Bearer {token}")
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        port = urlsplit(self.serving.url).port
        assert port is not None
        return await exchange(port, method, target, sent, b"" if body is None else data)

    async def upload(self, *parts: Part, user_id: str | None = U1) -> Reply:
        """A form to the address for thumbnails."""
        content_type, body = form(*parts)
        headers = {"Content-Type": content_type}
        return await self.send("POST", f"{ADDRESS}/upload-thumbnail", body, user_id, headers)

    async def draft(self) -> Any:
        """The draft of P1."""
        return (await self.send("GET", DRAFT)).json

    async def delete_project(self) -> None:
        """P1, as its owner would."""
        query = f'mutation {{ deleteProject(id: "{P1}") {{ __typename }} }}'
        assert (await self.send("POST", "/graphql", {"query": query})).status == 200

    def stored(self) -> set[str]:
        """Names of the stored objects."""
        return {path.name for path in self.objects.rglob("*") if path.is_file()}


@asynccontextmanager
async def open_stand(
    directory: Path, *, configured: bool = True, files: Mapping[str, bytes] = FILES
) -> AsyncGenerator[Stand, None]:
    """The gateway for the block."""
    execution = PublishExecution()

    async def connect(_: Settings, __: httpx.AsyncClient, ___: AsyncExitStack) -> Execution:
        return execution

    async with provider() as stub:
        settings = Settings(port=0, data_dir=directory / "data")
        if configured:
            settings = replace(
                settings,
                gemini_api_key=KEY,
                gemini_base_url=stub.url,
                replicate_api_token=KEY,
                replicate_base_url=stub.url,
                movie_renderer_url=f"{stub.url}/render",
                movie_renderer_secret=KEY,
            )
        await _seed(settings, directory, files)
        async with serving(settings, connect) as running:
            yield Stand(running, execution, stub, settings.gateway_dir / "objects")


async def _seed(settings: Settings, directory: Path, files: Mapping[str, bytes]) -> None:
    gateway = settings.gateway_dir
    gateway.mkdir(parents=True)
    async with EmbeddedStore.open(gateway / "store.db") as store:
        for project_id, user_id, name in ((P1, U1, "Game One"), (P2, U2, "Game Two")):
            await store.create_project(Project(project_id, user_id, name, AT, AT))
    source = Source(directory / "source")
    version = await anyio.to_thread.run_sync(source.commit, files)
    bundle = await anyio.to_thread.run_sync(source.bundle)
    await GitMirror.open(gateway / "mirror").receive(P1, version, pieces(bundle))
