"""HTTP clients, and what of the environment's proxies and certificates they heed."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx

from adapters.modal.channel import http_client
from adapters.server.settings import Settings

_LOOPBACK_NAME: Final = "localhost"


def on_this_machine(url: str) -> bool:
    """Whether `url` is plain HTTP to a loopback address: nothing between us and it may listen."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == _LOOPBACK_NAME or ip_address(host).is_loopback)
    except ValueError:
        return False


def execution_client(settings: Settings) -> httpx.AsyncClient:
    """For the execution side, which is sent the shared secret."""
    remote = settings.modal_endpoint if settings.use_modal else None
    return http_client(loopback=remote is None or on_this_machine(remote))


def client_of(url: str, *, ours: bool = False) -> httpx.AsyncClient:
    """For the server at `url`. One that is `ours`, or on this machine, is reached directly.

    Raises `httpx.InvalidURL`.
    """
    direct = ours or on_this_machine(url)
    # What is ours speaks plain HTTP, so that loading certificates would be time lost.
    return httpx.AsyncClient(base_url=url, trust_env=not direct, verify=not direct)
