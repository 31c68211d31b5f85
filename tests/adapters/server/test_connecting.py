"""Whom the gateway and its command line speak to directly, and whom through the proxy."""

from collections.abc import Callable

import httpx
import pytest

from adapters.server.connecting import client_of, execution_client, on_this_machine
from adapters.server.settings import Settings
from tests.adapters.server.answering import answering


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:3000", True),
        ("http://127.8.8.8/path", True),
        ("http://[::1]:3000", True),
        ("http://localhost:3000", True),
        ("https://127.0.0.1:3000", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://localhost@example.com", False),
        ("http://10.0.0.1", False),
        ("http://example.com/127.0.0.1", False),
        ("http://[", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_only_plain_http_to_a_loopback_address_stays_on_this_machine(url: str, here: bool) -> None:
    assert on_this_machine(url) is here


def execution_of(url: str) -> httpx.AsyncClient:
    return execution_client(Settings())


def execution_in_modal_of(url: str) -> httpx.AsyncClient:
    return execution_client(Settings(use_modal=True, modal_endpoint=url, modal_secret="secret"))


def our_gateway_of(url: str) -> httpx.AsyncClient:
    return client_of("http://192.0.2.1", ours=True)


@pytest.mark.parametrize("make", [execution_of, execution_in_modal_of, our_gateway_of, client_of])
async def test_no_proxy_sees_what_stays_on_this_machine(
    make: Callable[[str], httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering() as proxy, answering() as server:
        for name, value in proxy.as_proxy.items():
            monkeypatch.setenv(name, value)
        async with make(server.url) as http:
            assert (await http.get(server.url)).status_code == 200
    assert (len(server.heads), proxy.heads) == (1, [])


@pytest.mark.parametrize("make", [execution_in_modal_of, client_of])
async def test_what_leaves_the_machine_takes_the_proxy(
    make: Callable[[str], httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering() as proxy:
        for name, value in proxy.as_proxy.items():
            monkeypatch.setenv(name, value)
        async with make("http://elsewhere.test") as http:
            assert (await http.get("http://elsewhere.test/path")).status_code == 200
    (head,) = proxy.heads
    assert head.startswith("GET http://elsewhere.test/path ")
