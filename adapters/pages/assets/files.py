"""The files of assets. Source: `contract/legacy-http.md` §1.6, §5.5, §7.6.

Users choose the content and what it is called, so nothing of it may act on this origin: types are
those of pictures, sounds and JSON and never guessed, anything else is a download, and a document
that is opened here (SVG is one) is locked up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages import cross_origin
from adapters.pages.assets.guards import AssetGuards
from adapters.pages.content import Content
from adapters.pages.credentials import Refused
from adapters.pages.media_types import UNKNOWN, asset_type, shown_type
from adapters.pages.responses import send_bytes
from resolvers.access import is_open
from schema.assets import Asset
from schema.errors import DreamCoreError, ErrorCode

_LOCKED: Final = {
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
}
_PUBLIC: Final = "public, max-age=0"
_PRIVATE: Final = "private, no-cache"


@dataclass(frozen=True, slots=True)
class FilePages:
    """One method an address; all raise `Refused`.

    Everybody may read public files from any origin: games have none (docs/game-serving.md), and
    need the pixels. `allowed_origins` may read private ones.
    """

    guards: AssetGuards
    allowed_origins: Collection[str]

    async def by_id(self, request: Request) -> Response:
        """As the media type that was declared."""
        asset = await self.guards.readable(request)
        data = await self.guards.assets.content(asset)
        if data is None:
            raise Refused(404, "Asset file not found")
        return self._send(request, asset, data, shown_type(asset.mime_type))

    async def by_alias(self, request: Request) -> Response:
        """Of a user, as the media type of the stored name."""
        viewer = await self.guards.anybody(request)
        owner_id, alias = request.path_params["owner_id"], request.path_params["alias"]
        try:
            asset = await self.guards.assets.by_alias(viewer, owner_id, alias)
        except DreamCoreError as error:
            raise _missing(error) from None
        return await self._stored(request, asset)

    async def official(self, request: Request) -> Response:
        """Of everybody, as the media type of the stored name."""
        category, alias = request.path_params["category"], request.path_params["alias"]
        try:
            asset = await self.guards.assets.official(category, alias)
        except DreamCoreError as error:
            raise _missing(error) from None
        return await self._stored(request, asset)

    async def _stored(self, request: Request, asset: Asset) -> Response:
        data = await self.guards.assets.content(asset)
        if data is None:
            raise Refused(404, "Not found", bare=True)
        return self._send(request, asset, data, asset_type(asset.filename))

    def _send(self, request: Request, asset: Asset, data: bytes, media_type: str) -> Response:
        headers = dict(_LOCKED)
        if media_type == UNKNOWN:
            headers["content-disposition"] = "attachment"
        if is_open(asset):
            headers |= cross_origin.public_for(request, self.allowed_origins)
            headers["cache-control"] = _PUBLIC
        else:
            headers["cache-control"] = _PRIVATE
        modified = asset.created_at.replace(microsecond=0)
        etag = f'W/"{len(data):x}-{asset.hash[:32]}"'
        content = Content(len(data), media_type, etag, modified, headers)
        return send_bytes(request, data, content)


def _missing(error: DreamCoreError) -> Refused:
    """What is told; other errors go on."""
    if error.code is not ErrorCode.ASSET_NOT_FOUND:
        raise error
    return Refused(404, "Not found", bare=True)
