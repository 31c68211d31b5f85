"""The one ownership rule: what is not yours does not exist.

Every use case reaches projects, generations and assets through here, so that a foreign resource and
a missing one cannot be told apart on any protocol. Assets may be public; then they can be read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schema.assets import Asset, AssetStore
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.models import Generation, Project, Viewer
from schema.ports import Store


@dataclass(frozen=True, slots=True)
class Access:
    """Looks resources up on behalf of a viewer."""

    store: Store

    async def project(self, viewer: Viewer, project_id: str) -> Project:
        """Raises `DreamCoreError(PROJECT_NOT_FOUND)`, for malformed ids too."""
        found = await self.store.project(project_id.lower()) if is_uuid(project_id) else None
        if found is None or found.user_id != viewer.user_id:
            raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)
        return found

    async def generation(self, viewer: Viewer, generation_id: str) -> Generation:
        """Raises `DreamCoreError(GENERATION_NOT_FOUND)`, for malformed ids too."""
        known = is_uuid(generation_id)
        found = await self.store.generation(generation_id.lower()) if known else None
        if found is None or found.user_id != viewer.user_id:
            raise DreamCoreError(ErrorCode.GENERATION_NOT_FOUND)
        return found


@dataclass(frozen=True, slots=True)
class AssetAccess:
    """Looks assets up on behalf of a viewer, or of nobody (`contract/legacy-http.md` §1.0, §5.5).

    Every method raises `DreamCoreError(ASSET_NOT_FOUND)`, for malformed ids too.
    """

    assets: AssetStore
    now: Callable[[], datetime]

    async def own(self, viewer: Viewer, asset_id: str) -> Asset:
        """To be changed. Raises ACCESS_DENIED for one that the viewer may only read."""
        asset = await self.readable(viewer, asset_id)
        if asset.owner_id == viewer.user_id:
            return asset
        if asset.owner_id is None and not self._available(asset):
            raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND)
        raise DreamCoreError(ErrorCode.ACCESS_DENIED)

    async def readable(self, viewer: Viewer | None, asset_id: str) -> Asset:
        """Public, official, or the viewer's."""
        found = await self.assets.asset(asset_id.lower()) if is_uuid(asset_id) else None
        return _readable(viewer, found)

    async def by_alias(self, viewer: Viewer | None, owner_id: str, alias: str) -> Asset:
        """As `readable`, and available now."""
        known = is_uuid(owner_id)
        found = await self.assets.asset_by_alias(owner_id.lower(), alias) if known else None
        return self._now(_readable(viewer, found))

    async def official(self, category: str, alias: str) -> Asset:
        """Available now, for everybody."""
        return self._now(_readable(None, await self.assets.global_asset(category, alias)))

    def _now(self, asset: Asset) -> Asset:
        if not self._available(asset):
            raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND)
        return asset

    def _available(self, asset: Asset) -> bool:
        now = self.now()
        begun = asset.available_from is None or asset.available_from <= now
        return begun and (asset.available_until is None or now <= asset.available_until)


def is_open(asset: Asset) -> bool:
    """Whether everybody may read it."""
    return asset.is_public or asset.owner_id is None


def _readable(viewer: Viewer | None, asset: Asset | None) -> Asset:
    if asset is not None and not asset.is_deleted:
        mine = viewer is not None and asset.owner_id == viewer.user_id
        if mine or is_open(asset):
            return asset
    raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND)
