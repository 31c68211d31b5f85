"""The composition root: every part made once, wired, and taken down in reverse order."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
from starlette.types import ASGIApp

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys, RemoteKeys
from adapters.auth.verifier import TokenVerifier
from adapters.graphql.drain import Drain
from adapters.mirror.mirror import GitMirror
from adapters.modal.client import ModalExecution
from adapters.modal.process import ExecutionProcess
from adapters.pages.grants import Grants
from adapters.pages.style_images import style_images
from adapters.server.connecting import client_of, execution_client
from adapters.server.grant_key import grant_key
from adapters.server.ownership import owned
from adapters.server.providers import open_providers
from adapters.server.retention import retention
from adapters.server.settings import Settings
from adapters.server.surface import Inside, surface
from adapters.server.use_cases import Neighbours, open_use_cases
from adapters.stores.embedded.log import EmbeddedLog
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from schema.execution_port import Execution
from schema.ports import EventLog, Identity

ISSUER_DIRECTORY = "issuer"

Opened = TypeVar("Opened")
Connect = Callable[[Settings, httpx.AsyncClient, AsyncExitStack], Awaitable[Execution]]


@dataclass(frozen=True, slots=True)
class Gateway:
    """A composed gateway. `issuer` is None when Supabase issues the tokens."""

    app: ASGIApp
    log: EventLog
    issuer: EmbeddedIssuer | None


class DatabaseUnusable(Exception):
    """SQLite cannot work with a file of ours; the text names it."""

    def __init__(self, path: Path, cause: sqlite3.DatabaseError) -> None:
        super().__init__(f"{path} cannot be opened: {cause}")


@asynccontextmanager
async def open_gateway(
    settings: Settings, drain: Drain, connect: Connect | None = None
) -> AsyncGenerator[Gateway, None]:
    """A gateway that owns its data directory for the block.

    `connect` reaches execution; by default the settings say where it is.

    Raises `DirectoryInUse` when another process has it, and `DatabaseUnusable`. Generations that
    still run at the end are not stopped: the next gateway takes them up.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(owned(settings.gateway_dir))
        log = await _opened(EmbeddedLog.open, settings.gateway_dir / "log.db", stack)
        store = await _opened(EmbeddedStore.open, settings.gateway_dir / "store.db", stack)
        await stack.enter_async_context(retention(log))
        issuer, identity = await _identity(settings, stack)
        http = await stack.enter_async_context(execution_client(settings))
        execution = await (connect or connect_as_set)(settings, http, stack)
        mirror = GitMirror.open(settings.gateway_dir / "mirror")
        storage = await DirectoryStorage.open(settings.gateway_dir / "objects")
        providers = await open_providers(settings, stack)
        outside = Neighbours(log, store, storage, mirror, execution, providers)
        use_cases = await open_use_cases(outside, lambda: drain.started, stack)
        pictures = await asyncio.to_thread(style_images, settings.frontend_dir)
        grants = Grants(await asyncio.to_thread(grant_key, settings.gateway_dir))
        inside = Inside(identity, issuer, use_cases, providers, mirror, grants, drain, pictures)
        yield Gateway(surface(inside, settings), log, issuer)


async def _opened(
    open_file: Callable[[Path], AbstractAsyncContextManager[Opened]],
    path: Path,
    stack: AsyncExitStack,
) -> Opened:
    try:
        return await stack.enter_async_context(open_file(path))
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable(path, error) from error


async def _identity(
    settings: Settings, stack: AsyncExitStack
) -> tuple[EmbeddedIssuer | None, Identity]:
    if settings.supabase_url is None:
        issuer = EmbeddedIssuer.open(settings.gateway_dir / ISSUER_DIRECTORY)
        return issuer, TokenVerifier(LocalKeys(issuer), issuer.issuer)
    base = f"{settings.supabase_url}/auth/v1"
    http = await stack.enter_async_context(client_of(base))
    keys = await stack.enter_async_context(RemoteKeys(f"{base}/.well-known/jwks.json", http))
    return None, TokenVerifier(keys, base, hs256_secret=settings.supabase_jwt_secret)


async def connect_as_set(
    settings: Settings, http: httpx.AsyncClient, stack: AsyncExitStack
) -> Execution:
    """Modal, or the execution application as a process of this machine."""
    if settings.use_modal:
        endpoint, secret = settings.modal_endpoint, settings.modal_secret
        assert endpoint is not None  # Settings says so
        assert secret is not None
        return ModalExecution(http, endpoint, secret)
    process = await stack.enter_async_context(
        ExecutionProcess.open(settings.execution_dir, settings.execution_environment)
    )
    return ModalExecution(http, lambda: process.endpoint, process.secret)
