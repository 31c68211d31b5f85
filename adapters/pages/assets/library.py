"""What users see of their assets, and do with them. Source: `contract/legacy-http.md` §1.6."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.assets.bodies import read_json
from adapters.pages.assets.guards import AssetGuards, refusing
from adapters.pages.assets.rows import Row, found_row, listed_row, meta_row
from adapters.pages.credentials import Refused
from adapters.pages.responses import send_json
from schema.assets import AssetChanges
from schema.errors import DreamCoreError, ErrorCode

_CURRENT: Final = "currentProjectId"
_DELETED: Final = "Asset deleted."
_USED: Final = " It was used in {count} project(s) - they will now see a placeholder."


@dataclass(frozen=True, slots=True)
class LibraryPages:
    """One method an address; all raise `Refused`."""

    guards: AssetGuards

    async def all(self, request: Request) -> Response:
        """The viewer's, newest first; `currentProjectId` comes back as it was given."""
        viewer = await self.guards.viewer(request)
        listed = await self.guards.assets.listed(viewer)
        answer: Row = {"assets": [listed_row(asset) for asset in listed]}
        current = request.query_params.get(_CURRENT)
        return send_json(request, answer | ({} if current is None else {_CURRENT: current}))

    async def search(self, request: Request) -> Response:
        """The viewer's that hold `q`, newest first."""
        viewer = await self.guards.viewer(request)
        with refusing():
            found = await self.guards.assets.search(viewer, request.query_params.get("q"))
        return send_json(request, {"assets": [found_row(asset) for asset in found]})

    async def meta(self, request: Request) -> Response:
        """One of the viewer's."""
        _, asset = await self.guards.own(request)
        return send_json(request, meta_row(asset))

    async def update(self, request: Request) -> Response:
        """Change `tags` and `description`; null empties them."""
        viewer, asset = await self.guards.own(request)
        body = await read_json(request)
        changes = AssetChanges(_text(body, "tags"), _text(body, "description"))
        with refusing():
            changed = await self.guards.assets.update(viewer, asset.id, changes)
        row = {"id": changed.id, "tags": changed.tags, "description": changed.description}
        return send_json(request, {"success": True, "asset": row})

    async def publish(self, request: Request) -> Response:
        """Make it public, or private again."""
        viewer, asset = await self.guards.own(request)
        is_public = (await read_json(request)).get("isPublic")
        if not isinstance(is_public, bool):
            raise Refused(400, "isPublic must be a boolean")
        changes = AssetChanges(is_public=is_public)
        with refusing():
            changed = await self.guards.assets.update(viewer, asset.id, changes)
        row = {"id": changed.id, "isPublic": changed.is_public}
        return send_json(request, {"success": True, "asset": row})

    async def delete(self, request: Request) -> Response:
        """Its alias stays taken; games that show it will not find it."""
        viewer, asset = await self.guards.own(request)
        try:
            count = await self.guards.assets.delete(viewer, asset.id)
        except DreamCoreError as error:
            if error.code is not ErrorCode.ASSET_NOT_FOUND:
                raise Refused(500, "Failed to delete asset") from error
            raise Refused(404, "Asset not found or already deleted") from None
        message = _DELETED + (_USED.format(count=count) if count else "")
        return send_json(request, {"success": True, "message": message})


def _text(body: Row, name: str) -> str | None:
    """What to change it to; None when it is not there."""
    text = body.get(name, ...)
    if text is ...:
        return None
    if text is not None and not isinstance(text, str):
        raise Refused(400, f"{name} must be a string")
    return text or ""
