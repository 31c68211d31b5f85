"""Every identity, against the one contract."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import jwt
import pytest

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys, RemoteKeys
from adapters.auth.verifier import TokenVerifier
from tests.adapters.auth.provider import ISSUER, SigningKey, claims, jwks_server

pytest.register_assert_rewrite("tests.contracts.identity")

from tests.contracts.identity import IdentityContract, TrustedIdentity  # noqa: E402

Opener = Callable[[Path], AbstractAsyncContextManager[TrustedIdentity]]
SECRET = "a shared secret of more than thirty-two bytes"


@asynccontextmanager
async def embedded(folder: Path) -> AsyncGenerator[TrustedIdentity, None]:
    def issue(user_id: str, email: str | None, seconds: int) -> str:
        # A lifetime is never negative: the token is issued an hour ago instead.
        past = EmbeddedIssuer.open(folder, lambda: time.time() - 3600)
        return past.issue(user_id, email, timedelta(seconds=3600 + seconds))

    issuer = EmbeddedIssuer.open(folder)
    yield TrustedIdentity(TokenVerifier(LocalKeys(issuer), issuer.issuer), issue)


@asynccontextmanager
async def published_keys(folder: Path) -> AsyncGenerator[TrustedIdentity, None]:
    key = SigningKey("current")

    def issue(user_id: str, email: str | None, seconds: int) -> str:
        return key.token(sub=user_id, email=email, exp=int(time.time()) + seconds)

    async with (
        jwks_server(key) as server,
        httpx.AsyncClient(trust_env=False) as http,
        RemoteKeys(server.url, http) as keys,
    ):
        yield TrustedIdentity(TokenVerifier(keys, ISSUER), issue)


@asynccontextmanager
async def shared_secret(folder: Path) -> AsyncGenerator[TrustedIdentity, None]:
    def issue(user_id: str, email: str | None, seconds: int) -> str:
        changes = {"sub": user_id, "email": email, "exp": int(time.time()) + seconds}
        return jwt.encode(claims() | changes, SECRET, algorithm="HS256")

    keys = LocalKeys(EmbeddedIssuer.open(folder))
    yield TrustedIdentity(TokenVerifier(keys, ISSUER, hs256_secret=SECRET), issue)


IMPLEMENTATIONS: dict[str, Opener] = {
    "embedded": embedded,
    "published keys": published_keys,
    "shared secret": shared_secret,
}


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
async def identity(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[TrustedIdentity, None]:
    opener: Opener = request.param
    async with opener(tmp_path) as opened:
        yield opened


class TestIdentity(IdentityContract):
    """Signed tokens from each kind of issuer."""
