"""Who may be handed the development user's token without asking: the developer's own browser."""

import re
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z.-]+)(:[0-9]+)?")
# A request that came through a proxy may come from anywhere, whatever its last hop is.
_FORWARDING: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_local(scope: Scope, hosts: Collection[str] = ()) -> bool:
    """Whether the request comes from this machine, and for a name that is this machine's.

    The address of the peer alone proves nothing: a page of a stranger whose name suddenly
    resolves to 127.0.0.1 (DNS rebinding) reaches us from here too, but names its own host.
    `hosts` are names, besides `localhost` and the loopback addresses, that are ours.
    """
    headers = Headers(scope=scope)
    if any(name in headers for name in _FORWARDING) or _ends_at_once(scope, headers):
        return False
    names = headers.getlist("host")
    return len(names) == 1 and _is_ours(names[0].lower(), hosts) and _same_machine(scope)


def _ends_at_once(scope: Scope, headers: Headers) -> bool:
    """What nginx does that is told nothing, and no browser: it also calls us by our own name."""
    return scope.get("http_version") == "1.0" or headers.get("connection", "").lower() == "close"


def _is_ours(host: str, hosts: Collection[str]) -> bool:
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1].strip("[]")
    return name == "localhost" or _is_loopback(name) or name in hosts


def _same_machine(scope: Scope) -> bool:
    client, server = scope.get("client"), scope.get("server")
    if client is None:
        return False
    return _is_loopback(client[0]) or (server is not None and client[0] == server[0])


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
