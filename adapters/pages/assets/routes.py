"""The addresses of assets.

Source: `contract/legacy-http.md` §1.6, §7.3. The order does not matter: an address is found by its
method too, so `GET /api/assets/search` alone has to stand before `GET /api/assets/{id}`.
"""

from collections.abc import Collection
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from adapters.pages import cross_origin
from adapters.pages.assets.files import FilePages
from adapters.pages.assets.guards import AssetGuards
from adapters.pages.assets.library import LibraryPages
from adapters.pages.assets.upload import UploadPage
from adapters.pages.refusals import answered
from adapters.pages.routing import Handler, LegacyRoute
from schema.assets import Assets
from schema.ports import Identity

_PREFIXES: Final = ("/api/assets", "/user-assets", "/global-assets")
_LIST: Final = "/api/assets"
_ASSET: Final = "/api/assets/{asset_id}"


def routes(identity: Identity, assets: Assets, allowed_origins: Collection[str]) -> list[BaseRoute]:
    """`allowed_origins` (`CORS_ALLOWED_ORIGINS`) may read every answer but the list of all."""
    guards = AssetGuards(identity, assets)
    library, files = LibraryPages(guards), FilePages(guards, allowed_origins)
    addresses: list[tuple[str, str, Handler]] = [
        ("GET", "/api/assets/search", library.search),
        ("POST", "/api/assets/upload", UploadPage(guards).upload),
        ("PUT", _ASSET, library.update),
        ("DELETE", _ASSET, library.delete),
        ("GET", f"{_ASSET}/meta", library.meta),
        ("PUT", f"{_ASSET}/publish", library.publish),
    ]
    shown: list[tuple[str, Handler]] = [
        (_ASSET, files.by_id),
        ("/user-assets/{owner_id}/{alias}", files.by_alias),
        ("/global-assets/{category}/{alias}", files.official),
    ]
    return [
        LegacyRoute(_LIST, _endpoint(library.all)),
        *(
            LegacyRoute(path, _endpoint(handler, allowed_origins), method)
            for method, path, handler in addresses
        ),
        *(LegacyRoute(path, _file_endpoint(handler, allowed_origins)) for path, handler in shown),
        *(
            LegacyRoute(f"{prefix}/{{path:path}}", _preflight(allowed_origins), "OPTIONS")
            for prefix in _PREFIXES
        ),
    ]


def _endpoint(handler: Handler, allowed_origins: Collection[str] = ()) -> Handler:
    async def endpoint(request: Request) -> Response:
        response = await answered(handler, request)
        response.headers.update(cross_origin.allowed_for(request, allowed_origins))
        return response

    return endpoint


def _file_endpoint(handler: Handler, allowed_origins: Collection[str]) -> Handler:
    """Whoever may read a file may read that there is none: else a game's `fetch` only fails."""
    listed = _endpoint(handler, allowed_origins)

    async def endpoint(request: Request) -> Response:
        response = await listed(request)
        if response.status_code == 404:
            response.headers.update(cross_origin.public_for(request, allowed_origins))
        return response

    return endpoint


def _preflight(allowed_origins: Collection[str]) -> Handler:
    async def endpoint(request: Request) -> Response:
        headers = cross_origin.allowed_for(request, allowed_origins)
        return PlainTextResponse("OK", headers=headers)

    return endpoint
