"""Use cases around assets. Source: `contract/legacy-http.md` §1.6, §5."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from resolvers.access import Access, AssetAccess
from resolvers.asset_names import Naming, naming_of_image, naming_of_upload
from resolvers.projects import checked_page_size
from resolvers.texts import is_writable
from schema.assets import (
    MAX_TEXT_CHARACTERS,
    MAX_UPLOAD_BYTES,
    Asset,
    AssetChanges,
    AssetStore,
    ListedAsset,
    Upload,
    assets_of,
    key_of,
)
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid, random_uuid
from schema.models import Page, Viewer
from schema.object_storage import ObjectStorage
from schema.ports import Store

MAX_IMAGE_BYTES: Final = 16 * 2**20
"""Of one that was made for a game."""
MAX_ASSETS: Final = 5_000
"""Stored files of one user. Deleted assets keep their file, so they count."""
MAX_SEARCH_CHARACTERS: Final = 200
MAX_LISTED: Final = 1_000
MAX_FOUND: Final = 50
_USERS: Final = "users/"


@dataclass(frozen=True, slots=True)
class AssetUseCases:
    """Implements `schema.assets.Assets`."""

    store: Store
    assets: AssetStore
    storage: ObjectStorage
    now: Callable[[], datetime]
    max_assets: int = MAX_ASSETS

    async def upload(self, viewer: Viewer, upload: Upload) -> Asset:
        """Keep a file, under an alias of its own."""
        if len(upload.data) > MAX_UPLOAD_BYTES:
            raise DreamCoreError(ErrorCode.FILE_TOO_LARGE, "File too large")
        naming = naming_of_upload(upload)
        _check_length("The file name", naming.shown, MAX_TEXT_CHARACTERS)
        _check_texts(upload.tags, upload.description)
        project_id = upload.project_id or None
        if project_id is not None:
            project_id = (await Access(self.store).project(viewer, project_id)).id
        return await self._keep(
            viewer.user_id, project_id, naming, upload.data, upload.tags, upload.description
        )

    async def add_image(self, user_id: str, project_id: str, name: str, data: bytes) -> Asset:
        """Keep an image that was made for a project. Raises FILE_TOO_LARGE, PROJECT_NOT_FOUND,
        INVALID_INPUT, ASSET_LIMIT_REACHED."""
        if len(data) > MAX_IMAGE_BYTES:
            raise DreamCoreError(ErrorCode.FILE_TOO_LARGE)
        _check_length("The image name", name, MAX_TEXT_CHARACTERS)
        project = await Access(self.store).project(Viewer(user_id), project_id)
        return await self._keep(user_id, project.id, naming_of_image(name), data)

    async def listed(self, viewer: Viewer) -> list[ListedAsset]:
        """All of the viewer's, newest first, with the projects that use them."""
        page = await self.assets.assets(viewer.user_id, first=MAX_LISTED)
        projects = await self.assets.linked_projects([asset.id for asset in page.items])
        return [ListedAsset(asset, projects.get(asset.id, ())) for asset in page.items]

    async def search(self, viewer: Viewer, query: str | None) -> list[Asset]:
        """The viewer's that match, newest first."""
        _check_text("The search", query, MAX_SEARCH_CHARACTERS)
        first = MAX_FOUND if query else MAX_LISTED
        page = await self.assets.assets(viewer.user_id, search=query or None, first=first)
        return list(page.items)

    async def page(
        self, viewer: Viewer, *, first: int, after: str | None, search: str | None
    ) -> Page[Asset]:
        """The viewer's, newest first."""
        _check_text("The search", search, MAX_SEARCH_CHARACTERS)
        return await self.assets.assets(
            viewer.user_id, search=search or None, first=checked_page_size(first), after=after
        )

    async def own(self, viewer: Viewer, asset_id: str) -> Asset:
        """The viewer's asset."""
        return await self._access.own(viewer, asset_id)

    async def update(self, viewer: Viewer, asset_id: str, changes: AssetChanges) -> Asset:
        """The asset as it is then. Raises INVALID_INPUT too."""
        asset = await self._access.own(viewer, asset_id)
        _check_texts(changes.tags, changes.description)
        updated = await self.assets.update_asset(asset.id, changes)
        if updated is None:
            raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND)
        return updated

    async def delete(self, viewer: Viewer, asset_id: str) -> int:
        """How many projects use it; they keep their links."""
        asset = await self._access.own(viewer, asset_id)
        linked: Mapping[str, tuple[object, ...]] = await self.assets.linked_projects([asset.id])
        if not await self.assets.delete_asset(asset.id):
            raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND)
        return len(linked.get(asset.id, ()))

    async def readable(self, viewer: Viewer | None, asset_id: str) -> Asset:
        """Public, official, or the viewer's."""
        return await self._access.readable(viewer, asset_id)

    async def by_alias(self, viewer: Viewer | None, owner_id: str, alias: str) -> Asset:
        """As `readable`, and available now."""
        return await self._access.by_alias(viewer, owner_id, alias)

    async def official(self, category: str, alias: str) -> Asset:
        """An official asset that is available now."""
        return await self._access.official(category, alias)

    async def content(self, asset: Asset) -> bytes | None:
        """The file, None when the storage has lost it."""
        return await self.storage.read(key_of(asset))

    async def sweep(self) -> int:
        """Remove files that no row names, and count them.

        A file is written before its row: what was killed in between has left one. For the start
        of the only process that writes to this storage, before it takes uploads.
        """
        stored: dict[str, set[str]] = {}
        async with aclosing(self.storage.keys(_USERS)) as keys:
            async for key in keys:
                owner_id, _, rest = key.removeprefix(_USERS).partition("/")
                if is_uuid(owner_id) and rest.startswith("assets/"):
                    stored.setdefault(owner_id, set()).add(key)
        removed = 0
        for owner_id, found in stored.items():
            names = await self.assets.stored_filenames(owner_id)
            for key in found - {assets_of(owner_id) + name for name in names}:
                await self.storage.delete(key)
                removed += 1
        return removed

    @property
    def _access(self) -> AssetAccess:
        return AssetAccess(self.assets, self.now)

    async def _keep(
        self,
        owner_id: str,
        project_id: str | None,
        naming: Naming,
        data: bytes,
        tags: str | None = None,
        description: str | None = None,
    ) -> Asset:
        digest = (await asyncio.to_thread(sha256, data)).hexdigest()
        asset = Asset(
            id=random_uuid(),
            owner_id=owner_id,
            alias="",
            filename=naming.filename(digest),
            original_name=naming.shown,
            mime_type=naming.media_type,
            size=len(data),
            hash=digest,
            created_at=self.now(),
            created_in_project_id=project_id,
            tags=tags or None,
            description=description or None,
        )
        stored = await self.assets.stored_filenames(owner_id)
        if asset.filename not in stored and len(stored) >= self.max_assets:
            raise DreamCoreError(ErrorCode.ASSET_LIMIT_REACHED)
        # An object is never removed when its row fails: a row of the same content may have it.
        await self.storage.write(key_of(asset), data)
        kept = await self.assets.add_asset(asset, list(naming.aliases(digest)))
        if kept is None:
            raise DreamCoreError(ErrorCode.ASSET_LIMIT_REACHED)
        if project_id is not None:
            await self.assets.link_asset(project_id, kept.id)
        return kept


def _check_texts(tags: str | None, description: str | None) -> None:
    _check_text("`tags`", tags, MAX_TEXT_CHARACTERS)
    _check_text("`description`", description, MAX_TEXT_CHARACTERS)


def _check_text(name: str, text: str | None, limit: int) -> None:
    _check_length(name, text or "", limit)
    if not is_writable(text or ""):
        raise DreamCoreError(ErrorCode.INVALID_INPUT, f"{name} holds characters that no text has.")


def _check_length(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise DreamCoreError(
            ErrorCode.INVALID_INPUT, f"{name} must have at most {limit} characters."
        )
