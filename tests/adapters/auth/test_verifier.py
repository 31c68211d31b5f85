"""What the verifier accepts, and that every refusal looks the same."""

import base64
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from adapters.auth.issuer import EmbeddedIssuer
from adapters.auth.keys import LocalKeys, RemoteKeys
from adapters.auth.verifier import TokenVerifier
from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer
from tests.adapters.auth.provider import ISSUER, USER, SigningKey, claims, jwks_server

SECRET = "a shared secret that is long enough for HS384 as well"
KEY = SigningKey("current")
STRANGER = SigningKey("current")


@asynccontextmanager
async def verifier(secret: str | None = None) -> AsyncGenerator[TokenVerifier, None]:
    async with (
        jwks_server(KEY) as server,
        httpx.AsyncClient(trust_env=False) as http,
        RemoteKeys(server.url, http) as keys,
    ):
        yield TokenVerifier(keys, ISSUER, "authenticated", secret)


async def refused(identity: TokenVerifier, token: str | None) -> bool:
    """Whether the token is refused, in the one form there is."""
    with pytest.raises(DreamCoreError) as refusal:
        await identity.authenticate(token)
    return refusal.value.code is ErrorCode.UNAUTHENTICATED and refusal.value.detail is None


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed_with_public_key(form: serialization.Encoding) -> str:
    """HS256 over the published key as if it were a secret (RFC 8725 §2.1)."""
    public = KEY.private.public_key().public_bytes(
        form, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing_input = f"{part({'alg': 'HS256', 'kid': KEY.kid})}.{part(claims())}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signing_input.encode(), public
    )
    return f"{signing_input}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def shared(secret: str = SECRET, **changes: Any) -> str:
    return jwt.encode(claims() | changes, secret, algorithm="HS256")


def now() -> int:
    return int(time.time())


FORGERIES: dict[str, Callable[[], str | None]] = {
    "absent": lambda: None,
    "empty": lambda: "",
    "garbage": lambda: "garbage",
    "dots": lambda: "..",
    "unicode": lambda: "トークン.トークン.トークン",
    "surrogate": lambda: "\ud800.a.b",
    "NUL": lambda: KEY.token() + "\0",
    "newline": lambda: KEY.token() + "\n",
    "cut": lambda: KEY.token()[:-4],
    "another payload": lambda: ".".join(
        [KEY.token().split(".")[0], part(claims()), STRANGER.token().split(".")[2]]
    ),
    "oversize": lambda: KEY.token(padding="x" * 8192),
    "huge": lambda: "x" * 10_000_000,
    "stranger's key": STRANGER.token,
    "unknown kid": SigningKey("unknown").token,
    "no kid": lambda: f"{part({'alg': 'ES256'})}.{KEY.token().split('.', 1)[1]}",
    "kid of another type": lambda: f"{part({'alg': 'ES256', 'kid': 7})}.{part(claims())}.AA",
    "alg none": lambda: f"{part({'alg': 'none', 'kid': KEY.kid})}.{part(claims())}.",
    "alg absent": lambda: f"{part({'kid': KEY.kid})}.{part(claims())}.AA",
    "alg a list": lambda: f"{part({'alg': ['ES256'], 'kid': KEY.kid})}.{part(claims())}.AA",
    "another alg": lambda: f"{part({'alg': 'RS256', 'kid': KEY.kid})}.{part(claims())}.AA",
    "header a list": lambda: f"{part(['ES256'])}.{part(claims())}.AA",
    "nested header": lambda: base64.urlsafe_b64encode(b"[" * 5_001).decode() + ".e30.AA",
    "long integer": lambda: base64.urlsafe_b64encode(b'{"alg":' + b"9" * 5_000).decode() + ".e.A",
    "unknown crit": lambda: KEY.token({"crit": ["exp"]}),
    "public key as PEM secret": lambda: signed_with_public_key(serialization.Encoding.PEM),
    "public key as DER secret": lambda: signed_with_public_key(serialization.Encoding.DER),
    "shared secret": shared,
    "wrong audience": lambda: KEY.token(aud="anon"),
    "no audience": lambda: KEY.token(aud=None),
    "wrong issuer": lambda: KEY.token(iss=f"{ISSUER}/"),
    "no issuer": lambda: KEY.token(iss=None),
    "expired": lambda: KEY.token(exp=now() - 60),
    "no expiry": lambda: KEY.token(exp=None),
    "expiry a list": lambda: KEY.token(exp=[]),
    "expiry infinite": lambda: KEY.token(exp=float("inf")),
    "expired this second": lambda: KEY.token(exp=now()),
    "not valid yet": lambda: KEY.token(nbf=now() + 30),
    "no subject": lambda: KEY.token(sub=None),
    "subject a number": lambda: KEY.token(sub=7),
    "subject not a UUID": lambda: KEY.token(sub="player"),
    "subject with newline": lambda: KEY.token(sub=USER + "\n"),
    "subject traversal": lambda: KEY.token(sub="../" + USER[3:]),
    "payload a list": lambda: jwt.PyJWS().encode(
        b"[]", KEY.private, algorithm="ES256", headers={"kid": KEY.kid}
    ),
    "payload not JSON": lambda: jwt.PyJWS().encode(
        b"\xff", KEY.private, algorithm="ES256", headers={"kid": KEY.kid}
    ),
}


async def test_a_good_token_names_its_user() -> None:
    async with verifier() as identity:
        assert await identity.authenticate(KEY.token()) == Viewer(USER, "player@example.com")


async def test_a_user_id_is_lower_case_whatever_the_token_writes() -> None:
    async with verifier() as identity:
        assert (await identity.authenticate(KEY.token(sub=USER.upper()))).user_id == USER


async def test_a_token_of_an_issuer_whose_clock_is_ahead_is_good_at_once() -> None:
    async with verifier() as identity:
        assert (await identity.authenticate(KEY.token(iat=now() + 600))).user_id == USER


@pytest.mark.parametrize("email", [None, "", 7, ["a@example.com"]])
async def test_what_is_no_email_is_left_out(email: object) -> None:
    async with verifier() as identity:
        assert (await identity.authenticate(KEY.token(email=email))).email is None


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_bad_token_is_refused_without_saying_why(
    forgery: Callable[[], str | None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "adapters.auth")
    token = forgery()
    async with verifier() as identity:
        assert await refused(identity, token)
        assert (await identity.authenticate(KEY.token())).user_id == USER
    written = json.dumps([vars(record) for record in caplog.records], default=str)
    assert not token or len(token) < 8 or token not in written


async def test_with_a_shared_secret_both_kinds_of_token_are_accepted() -> None:
    async with verifier(SECRET) as identity:
        assert (await identity.authenticate(shared())).user_id == USER
        assert (await identity.authenticate(KEY.token())).user_id == USER


@pytest.mark.parametrize(
    "forgery",
    [
        lambda: shared(SECRET[::-1]),
        lambda: shared(exp=now() - 60),
        lambda: shared(aud="anon"),
        lambda: shared(iss="https://elsewhere.example/auth/v1"),
        lambda: jwt.encode(claims(), SECRET, algorithm="HS384"),
        *(forge for name, forge in FORGERIES.items() if name != "shared secret"),
    ],
)
async def test_a_shared_secret_opens_no_other_door(forgery: Callable[[], str | None]) -> None:
    async with verifier(SECRET) as identity:
        assert await refused(identity, forgery())


async def test_a_token_that_nobody_could_accept_costs_no_fetch() -> None:
    async with (
        jwks_server(KEY) as server,
        httpx.AsyncClient(trust_env=False) as http,
        RemoteKeys(server.url, http) as keys,
    ):
        identity = TokenVerifier(keys, ISSUER)
        for name in ("garbage", "huge", "alg none", "shared secret", "no kid"):
            assert await refused(identity, FORGERIES[name]())
        assert server.requests == 0


def test_a_short_shared_secret_is_refused_at_start(tmp_path: Path) -> None:
    keys = LocalKeys(EmbeddedIssuer.open(tmp_path))
    with pytest.raises(ValueError, match="32 bytes"):
        TokenVerifier(keys, ISSUER, hs256_secret="short")
