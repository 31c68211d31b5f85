"""Addresses that lead nowhere: an answer, never a file, never a traceback."""

from typing import Final

import pytest

from tests.gateway.conftest import Scene
from tests.gateway.kept_connection import kept_connection

pytestmark = pytest.mark.usefixtures("bystanders")

NOWHERE: Final = {
    "unknown": "/nothing/here",
    "a parent": "/../../etc/passwd",
    "a parent of a route": "/graphql/../../../etc/passwd",
    "an encoded parent": "/%2e%2e/%2e%2e/etc/passwd",
    "an encoded slash": "/..%2f..%2fetc%2fpasswd",
    "an encoded backslash": "/..%5c..%5cetc%5cpasswd",
    "encoded twice": "/%252e%252e/etc/passwd",
    "NUL": "/api/health%00",
    "no UTF-8": "/%ff%fe",
    "half an escape": "/%zz",
    "another host": "//evil.example/graphql",
    "our files": "/gateway/store.db",
    "our key": "/issuer/signing-key.pem",
    "markup": "/%3Cscript%3Ealert(1)%3C/script%3E",
    "raw markup": "/<script>alert(1)</script>",
    "a long path": "/" + "x" * 5_000,
    "a long encoded path": "/" + "%E3%81%82" * 600,
}


@pytest.mark.parametrize("target", NOWHERE.values(), ids=NOWHERE.keys())
async def test_an_unknown_address_is_404_and_shows_nothing_but_itself(
    lasting_scene: Scene, target: str
) -> None:
    async with kept_connection(lasting_scene.url) as connection:
        for method in ("GET", "POST", "DELETE"):
            answer = await connection.ask(method, target)
            assert answer.status == 404
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["content-security-policy"] == "default-src 'none'"
            page = answer.body.decode()
            assert f"Cannot {method} /" in page
            assert not [word for word in ("root:", "SQLite", "PRIVATE", "<script") if word in page]
            await connection.still_works()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_a_method_without_meaning_is_refused(lasting_scene: Scene, method: str) -> None:
    headers = {"Authorization": f"Bearer {lasting_scene.token}"}
    async with kept_connection(lasting_scene.url) as connection:
        answer = await connection.ask(method, "/graphql", headers=headers)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
        if method != "HEAD":
            assert answer.json["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
            # Elsewhere a method that is not served is, as the legacy service has it, no address.
            assert (await connection.ask(method, "/api/health")).status == 404
        await connection.still_works()
