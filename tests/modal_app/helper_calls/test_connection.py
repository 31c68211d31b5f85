"""How the model is reached: the proxies and authorities of the settings, and no others."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from modal_app.helper_calls.connection import proxy_for
from modal_app.settings import load
from tests.modal_app.helper_calls.asking import desk, saying
from tests.model_stub.server import serve

PROXY = "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("host", "network", "proxy"),
    [
        ("api.test", {}, None),
        ("api.test", {"HTTPS_PROXY": PROXY}, PROXY),
        ("api.test", {"https_proxy": PROXY, "HTTPS_PROXY": "http://other.test"}, PROXY),
        ("api.test", {"HTTPS_PROXY": "proxy.test:3128"}, PROXY),
        ("api.test", {"HTTP_PROXY": PROXY}, None),
        ("api.test", {"HTTPS_PROXY": PROXY, "NO_PROXY": "other.test, api.test"}, None),
        ("api.test", {"HTTPS_PROXY": PROXY, "no_proxy": ".test"}, None),
        ("api.test", {"HTTPS_PROXY": PROXY, "no_proxy": "*.test"}, None),
        ("api.test", {"HTTPS_PROXY": PROXY, "no_proxy": "*"}, None),
        ("api.test", {"HTTPS_PROXY": PROXY, "no_proxy": "pi.test,"}, PROXY),
        ("localhost", {"HTTPS_PROXY": PROXY}, None),
        ("127.0.0.1", {"HTTPS_PROXY": PROXY}, None),
        ("::1", {"HTTPS_PROXY": PROXY}, None),
    ],
)
def test_the_proxy_before_a_host(host: str, network: Mapping[str, str], proxy: str | None) -> None:
    assert proxy_for("https", host, network) == proxy


async def test_questions_go_through_the_configured_proxy(tmp_path: Path) -> None:
    async with serve(saying("chat")) as proxy:
        through = {"HTTP_PROXY": proxy.url}
        async with desk(tmp_path, api_base_url="http://model.test", network=through) as at:
            assert (await at.intent())["intent"] == "chat"
        [request] = proxy.requests
        assert request.headers["host"] == "model.test"


@pytest.mark.parametrize(
    "network",
    [
        {"SSL_CERT_FILE": "/nowhere.pem"},
        {"NODE_EXTRA_CA_CERTS": "/nowhere.pem"},
        {"HTTPS_PROXY": "gopher://proxy.test"},
    ],
)
async def test_a_network_of_no_use_leaves_the_rules(
    tmp_path: Path, network: dict[str, str]
) -> None:
    async with desk(tmp_path, api_base_url="https://model.test", network=network) as at:
        assert (await at.intent("元に戻して")) == {"intent": "restore", "fallback": True}


def test_the_model_is_configured_by_one_variable() -> None:
    assert load({}).helper_model == "claude-haiku-4-5"
    assert load({"ANTHROPIC_HELPER_MODEL": ""}).helper_model == "claude-haiku-4-5"
    assert load({"ANTHROPIC_HELPER_MODEL": "claude-x"}).helper_model == "claude-x"
