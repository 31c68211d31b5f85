from typing import Any

import pytest

from adapters.playground.trust import is_local


def scope(host: str, client: str | None, server: str) -> dict[str, Any]:
    """A request as the server describes it."""
    return {
        "type": "http",
        "headers": [(b"host", host.encode())],
        "client": (client, 50_000) if client else None,
        "server": (server, 3000),
    }


@pytest.mark.parametrize(
    ("host", "client", "server", "local"),
    [
        ("localhost:3000", "127.0.0.1", "127.0.0.1", True),
        ("localhost:3000", "::1", "::1", True),
        ("localhost:3000", "::ffff:127.0.0.1", "::ffff:127.0.0.1", True),
        ("box.example:3000", "192.0.2.7", "192.0.2.7", True),
        ("box.example:3000", "192.0.2.8", "192.0.2.7", False),
        ("localhost:3000", "192.0.2.8", "192.0.2.7", False),
        ("192.0.2.7:3000", "192.0.2.7", "192.0.2.7", False),
        ("box.example.:3000", "127.0.0.1", "127.0.0.1", False),
        ("rebound.example:3000", "127.0.0.1", "127.0.0.1", False),
        ("localhost:3000", None, "127.0.0.1", False),
        ("", "127.0.0.1", "127.0.0.1", False),
    ],
)
def test_local_is_who_comes_from_here_and_asks_for_us_by_a_name_of_ours(
    host: str, client: str | None, server: str, local: bool
) -> None:
    assert is_local(scope(host, client, server), {"box.example"}) is local


@pytest.mark.parametrize(
    ("version", "header"),
    [
        ("1.0", (b"accept", b"*/*")),
        ("1.1", (b"connection", b"close")),
        ("1.1", (b"x-forwarded-for", b"192.0.2.8")),
        ("1.1", (b"via", b"1.1 proxy.example")),
    ],
)
def test_what_comes_through_a_proxy_may_come_from_anywhere(
    version: str, header: tuple[bytes, bytes]
) -> None:
    request = {**scope("127.0.0.1:3000", "127.0.0.1", "127.0.0.1"), "http_version": "1.1"}
    assert is_local(request)
    request = {**request, "http_version": version, "headers": [*request["headers"], header]}
    assert not is_local(request)


def test_two_hosts_are_no_host() -> None:
    request = scope("localhost", "127.0.0.1", "127.0.0.1")
    request["headers"].append((b"host", b"localhost"))
    assert not is_local(request)
