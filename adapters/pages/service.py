"""`/api/health` and `/api/config`. Source: `contract/legacy-http.md` §1.2."""

import time
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.pages.responses import send_json
from adapters.pages.routing import LegacyRoute


def health_route() -> BaseRoute:
    """`uptime` counts, in seconds, from when the route is made."""
    started = time.monotonic()

    async def health(request: Request) -> Response:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        uptime = round(time.monotonic() - started, 3)
        return send_json(request, {"status": "ok", "timestamp": now, "uptime": uptime})

    return LegacyRoute("/api/health", health)


def config_route(supabase_url: str | None, supabase_anon_key: str | None) -> BaseRoute:
    """Where browsers sign in: both values are null when the embedded issuer makes the tokens.

    There is no address that an SDK of Supabase could use then, so it must not be given one.
    """
    config = {
        "supabaseUrl": supabase_url,
        "supabaseAnonKey": supabase_anon_key if supabase_url is not None else None,
    }

    async def serve(request: Request) -> Response:
        return send_json(request, config, headers={"cache-control": "public, max-age=3600"})

    return LegacyRoute("/api/config", serve)
