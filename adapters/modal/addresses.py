"""Where the routes of the execution application are, derived from one configured address."""

from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from schema.execution import GENERATE


def address(endpoint: str, route: str, **parameters: str) -> str:
    """The address of `route`, where `endpoint` is the address of the generate route.

    `GENERATE` is `endpoint` itself, whatever its last path segment is called; for any other route
    (`/get_file`, `/runs/{run_id}/events`) that segment gives way. What stands before it and the
    query stay; a trailing slash and a fragment go. `parameters` fill the placeholders of the route,
    percent-encoded. Raises ValueError unless `endpoint` is an http(s) address
    (design: "sibling routes").
    """
    parts = _checked(endpoint)
    path = parts.path.rstrip("/")
    if route != GENERATE:
        encoded = {name: quote(value, safe="") for name, value in parameters.items()}
        path = path.rpartition("/")[0] + route.format_map(encoded)
    return urlunsplit((parts.scheme, parts.netloc, path or "/", parts.query, ""))


def _checked(endpoint: str) -> SplitResult:
    parts = urlsplit(endpoint.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the execution endpoint must be an http or https address")
    return parts
