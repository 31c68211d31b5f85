"""Tokens of the provider that users sign in at, as browsers send them."""

import time
from collections.abc import AsyncGenerator

import jwt
import pytest

from schema.identifiers import random_uuid
from tests.adapters.auth.provider import SigningKey
from tests.adapters.pages.served import U1
from tests.legacy.http_stand import Stand, open_stand

INVALID = {"error": "Invalid or expired token"}


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stand, None]:
    """One gateway for the module."""
    async with open_stand(tmp_path_factory.mktemp("tokens")) as stand:
        yield stand


@pytest.mark.rule("http.token.claims", "http.token.invalid")
async def test_a_claim_that_is_wrong_or_missing_is_a_bad_token(opened: Stand) -> None:
    good = {"iss": f"{opened.supabase_url}/auth/v1", "sub": U1}
    now = int(time.time())
    for changes in (
        {"exp": now},
        {"exp": None},
        {"nbf": now + 30},
        {"iss": "https://elsewhere.example/auth/v1"},
        {"iss": f"{opened.supabase_url}/auth/v1/"},
        {"iss": None},
        {"aud": "anon"},
        {"aud": None},
        {"sub": None},
    ):
        token = opened.key.token(None, **{**good, **changes})
        reply = await opened.send("GET", "/api/projects", {"Authorization": f"Bearer {token}"})
        assert (reply.status, reply.json) == (401, INVALID), changes


@pytest.mark.rule("http.token.claims")
async def test_somebody_elses_signature_is_a_bad_token(opened: Stand) -> None:
    issuer, end = f"{opened.supabase_url}/auth/v1", int(time.time()) + 60
    claims = {"iss": issuer, "sub": U1, "aud": "authenticated", "exp": end}
    for token in (
        SigningKey("current").token(iss=issuer, sub=U1),
        SigningKey("unknown").token(iss=issuer, sub=U1),
        jwt.encode(claims, "x" * 32, "HS256"),
        jwt.encode(claims, "", "none"),
    ):
        reply = await opened.send("GET", f"/api/projects?access_token={token}")
        assert (reply.status, reply.json) == (401, INVALID)


@pytest.mark.rule("http.token.anybody")
async def test_whoever_the_provider_knows_is_let_in(opened: Stand) -> None:
    token = opened.token(random_uuid())
    reply = await opened.send("GET", "/api/projects", {"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.json) == (200, {"projects": []})


@pytest.mark.rule("http.token.places", "http.token.missing")
async def test_a_cookie_is_no_token(opened: Stand) -> None:
    cookie = {"Cookie": f"access_token={opened.token(U1)}; sb-access-token={opened.token(U1)}"}
    reply = await opened.send("GET", "/api/projects", cookie)
    assert (reply.status, reply.json) == (401, {"error": "No access token provided"})
    assert "set-cookie" not in reply.headers
