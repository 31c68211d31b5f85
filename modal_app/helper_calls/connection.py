"""How the model is reached: the proxies and authorities that the settings name, and no others.

The environment is not read here, and nothing stands between programs of one machine.
"""

import ipaddress
import ssl
from collections.abc import Mapping
from typing import Final

import httpx

_CONNECTIONS: Final = 20


def http_client(base_url: str, network: Mapping[str, str]) -> httpx.AsyncClient:
    """A client for one host, told by `NETWORK_VARIABLES`.

    Raises OSError, ValueError or ImportError where one of them cannot be used.
    """
    url = httpx.URL(base_url)
    return httpx.AsyncClient(
        limits=httpx.Limits(max_connections=_CONNECTIONS),
        proxy=proxy_for(url.scheme, url.host, network),
        verify=_authorities(network),
        trust_env=False,
        follow_redirects=False,
    )


def proxy_for(scheme: str, host: str, network: Mapping[str, str]) -> str | None:
    """The proxy before a host; None where there is none, or the host is exempt from it."""
    proxy = _named(f"{scheme}_proxy", network)
    exempt = _named("no_proxy", network).split(",")
    if not proxy or _is_loopback(host) or any(_covers(entry, host) for entry in exempt):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _named(variable: str, network: Mapping[str, str]) -> str:
    return network.get(variable) or network.get(variable.upper()) or ""


def _covers(entry: str, host: str) -> bool:
    name = entry.strip().lower().removeprefix("*").removeprefix(".")
    if not name:
        return entry.strip() == "*"
    return host == name or host.endswith(f".{name}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _authorities(network: Mapping[str, str]) -> ssl.SSLContext:
    file, directory = network.get("SSL_CERT_FILE"), network.get("SSL_CERT_DIR")
    if file or directory:
        context = ssl.create_default_context(cafile=file, capath=directory)
    else:
        context = httpx.create_ssl_context(trust_env=False)
    if extra := network.get("NODE_EXTRA_CA_CERTS"):
        context.load_verify_locations(extra)
    return context
