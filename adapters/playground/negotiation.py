"""Telling a browser that opens the address from a client that speaks GraphQL to it."""

from typing import Final

from starlette.requests import Request

_GRAPHQL: Final = frozenset(
    {
        "application/graphql-response+json",
        "application/json",
        "multipart/mixed",
        "text/event-stream",
    }
)


def wants_page(request: Request) -> bool:
    """Whether this is a GET or HEAD without an operation that asks for HTML by name."""
    return (
        request.method in ("GET", "HEAD")
        and "query" not in request.query_params
        and prefers_html(request.headers.get("accept", ""))
    )


def prefers_html(accept: str) -> bool:
    """Whether `accept` names HTML, and no form of a GraphQL response before it."""
    qualities = dict(map(_entry, accept.split(",")))
    html = qualities.get("text/html", 0.0)
    return html > 0 and all(html >= qualities.get(name, 0.0) for name in _GRAPHQL)


def _entry(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_type, float(value)
            except ValueError:
                return media_type, 0.0
    return media_type, 1.0
