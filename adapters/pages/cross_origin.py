"""CORS of games and assets. Source: `contract/legacy-http.md` §7.3, §7.5."""

from collections.abc import Collection
from typing import Final

from starlette.requests import Request

_VERBS: Final = {
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Authorization",
}


def open_to_all(_: Request) -> dict[str, str]:
    """The headers for everybody: a document without an origin says that it is "null"."""
    return {"Access-Control-Allow-Origin": "*", **_VERBS}


def public_for(request: Request, origins: Collection[str]) -> dict[str, str]:
    """The headers of what everybody may read: an origin on the list is answered by name."""
    return {"Vary": "Origin", **(allowed_for(request, origins) or open_to_all(request))}


def allowed_for(request: Request, origins: Collection[str]) -> dict[str, str]:
    """The headers for an origin on the list, none for any other."""
    origin = request.headers.get("origin")
    if origin is None or origin not in origins:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        **_VERBS,
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }
