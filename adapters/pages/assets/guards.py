"""Who asks, and for which asset: AUTH, OPT, AOWN and AACC.

Source: `contract/legacy-http.md` §1.0.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from adapters.pages.credentials import Refused, authenticated, presented
from schema.assets import Asset, Assets
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.models import Viewer
from schema.ports import Identity

_REFUSALS: Final = {
    ErrorCode.ASSET_NOT_FOUND: (404, "Asset not found"),
    ErrorCode.ACCESS_DENIED: (403, "Access denied"),
    ErrorCode.PROJECT_NOT_FOUND: (403, "Access denied to project"),
    ErrorCode.FILE_TOO_LARGE: (413, None),
    ErrorCode.INVALID_FILE_TYPE: (415, None),
    ErrorCode.INVALID_INPUT: (400, None),
    ErrorCode.ASSET_LIMIT_REACHED: (409, None),
}
"""Status and text; without a text, the error's own."""


@dataclass(frozen=True, slots=True)
class AssetGuards:
    """Every method raises `Refused` with what the client is told."""

    identity: Identity
    assets: Assets

    async def viewer(self, request: Request) -> Viewer:
        """AUTH: 401."""
        return await authenticated(self.identity, presented(request).token)

    async def anybody(self, request: Request) -> Viewer | None:
        """OPT: without a good token it is nobody."""
        try:
            return await self.viewer(request)
        except Refused:
            return None

    async def own(self, request: Request) -> tuple[Viewer, Asset]:
        """AOWN, of `asset_id` in the path: 401, 400, 404, and 403 for a public one of others."""
        viewer = await self.viewer(request)
        asset_id = _asset_id(request)
        with refusing():
            return viewer, await self.assets.own(viewer, asset_id)

    async def readable(self, request: Request) -> Asset:
        """AACC, of `asset_id` in the path: 400, 404."""
        viewer = await self.anybody(request)
        asset_id = _asset_id(request)
        with refusing():
            return await self.assets.readable(viewer, asset_id)


@contextmanager
def refusing() -> Generator[None, None, None]:
    """Turns what use cases raise into `Refused`."""
    try:
        yield
    except DreamCoreError as error:
        if error.code not in _REFUSALS:
            raise
        status, text = _REFUSALS[error.code]
        raise Refused(status, text or error.message) from None


def _asset_id(request: Request) -> str:
    asset_id: str = request.path_params["asset_id"]
    if not is_uuid(asset_id):
        raise Refused(400, "Invalid asset ID")
    return asset_id
