"""Which answers of a provider count, and which keys in them."""

import json

import pytest

from tests.adapters.auth.cache import INTERVAL, Clock, cache, lookups
from tests.adapters.auth.provider import SigningKey, jwks_server

GOOD = SigningKey("a")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b""),
        ("200 OK", b"<html>"),
        ("200 OK", b"\xff\xfe"),
        ("200 OK", b"7"),
        ("200 OK", b'{"keys":{}}'),
        ("200 OK", b"[" * 60_000),
        ("200 OK", json.dumps({"keys": [GOOD.jwk()], "padding": "x" * 70_000}).encode()),
        ("302 Found", json.dumps({"keys": [GOOD.jwk()]}).encode()),
        ("404 Not Found", json.dumps({"keys": [GOOD.jwk()]}).encode()),
    ],
    ids=["empty", "html", "binary", "number", "object", "nested", "oversize", "moved", "missing"],
)
async def test_an_unusable_answer_neither_serves_nor_harms(status: str, body: bytes) -> None:
    clock = Clock()
    async with jwks_server(SigningKey("b")) as server, cache(server, clock) as keys:
        assert await keys.key("b") is not None
        server.status, server.body = status, body
        clock.now += INTERVAL
        assert await keys.key("a") is None
        assert await keys.key("b") is not None
        assert server.requests == 2


async def test_only_public_signature_keys_of_a_set_are_used() -> None:
    broken = {**GOOD.jwk(), "kid": "broken", "x": "!"}
    other_use = {**GOOD.jwk(), "kid": "encryption", "use": "enc"}
    shared = {"kid": "shared", "kty": "oct", "alg": "HS256", "k": "c2VjcmV0" * 8}
    nameless = {name: value for name, value in GOOD.jwk().items() if name != "kid"}
    odd = {**GOOD.jwk(), "kid": "odd", "alg": ["ES256"]}
    foreign = [broken, other_use, shared, nameless, odd, None, 7, {}, {"kty": []}]
    async with jwks_server() as server, cache(server, Clock()) as keys:
        server.body = json.dumps({"keys": [*foreign, GOOD.jwk()]}).encode()
        assert await keys.key("a") is not None
        refused = ["broken", "encryption", "shared", "odd", "None", ""]
        assert await lookups(keys, refused) == [None] * len(refused)
