"""`/api/health`, `/api/config` and thumbnails. Source: `contract/legacy-http.md` §1.2, §1.7."""

import time
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.pages.content import Content
from adapters.pages.responses import send_bytes, send_json, send_text
from adapters.pages.routing import LegacyRoute
from schema.errors import DreamCoreError
from schema.mirror import Mirror

_THUMBNAILS: Final = (("thumbnail.webp", "image/webp"), ("thumbnail.png", "image/png"))


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


def thumbnail_route(mirror: Mirror) -> BaseRoute:
    """Public, as it always was: the picture of a project's newest version."""

    async def thumbnail(request: Request) -> Response:
        project_id = request.path_params["project_id"]
        try:
            version = await mirror.head(project_id)
            for name, media_type in _THUMBNAILS if version is not None else ():
                data = await mirror.read(project_id, name, version)
                if data is not None:
                    headers = {"cache-control": "public, max-age=0"}
                    etag = f'W/"{len(data):x}-{version}"'
                    content = Content(len(data), media_type, etag, headers=headers)
                    return send_bytes(request, data, content)
        except DreamCoreError:
            return send_text("Not found", 404)
        return send_text("Not found", 404)

    return LegacyRoute("/api/projects/{project_id}/thumbnail", thumbnail)
