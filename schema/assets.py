"""Assets: files that users upload or have made, shared by all of their games.

Source: `contract/legacy-http.md` §1.6, §4.2, §5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from schema.models import Page, Viewer

MAX_UPLOAD_BYTES: Final = 1_048_575
"""The largest file that is taken; one byte more is refused (§5.2)."""

MAX_TEXT_CHARACTERS: Final = 2_000
"""Of `tags` and of `description`."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A row of the table `assets`; the file is at `key_of` in the object storage.

    `alias` is the public name, unique for the owner; `filename` the stored one, `original_name` the
    one shown. `owner_id` is None for official assets, which have a `category`. `hash` is the
    SHA-256 of the content in hexadecimal. A deleted asset keeps its alias.
    """

    id: str
    owner_id: str | None
    alias: str
    filename: str
    original_name: str
    mime_type: str
    size: int
    hash: str
    created_at: datetime
    created_in_project_id: str | None = None
    is_public: bool = True
    is_deleted: bool = False
    category: str | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    tags: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectName:
    """A project that uses an asset."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedAsset:
    """An asset and the projects that it is linked to, in the order of linking."""

    asset: Asset
    projects: tuple[ProjectName, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived. `filename` and `mime_type` are what the client says of it."""

    data: bytes
    filename: str
    mime_type: str
    original_name: str | None = None
    project_id: str | None = None
    tags: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class AssetChanges:
    """What to change; None leaves it."""

    tags: str | None = None
    description: str | None = None
    is_public: bool | None = None


def key_of(asset: Asset) -> str:
    """Where the object storage has the file."""
    if asset.owner_id is None:
        return f"global/{asset.category}/{asset.filename}"
    return f"{assets_of(asset.owner_id)}{asset.filename}"


def assets_of(owner_id: str) -> str:
    """The prefix of all keys of a user's assets."""
    return f"users/{owner_id}/assets/"


class AssetStore(Protocol):
    """The rows. Knows nothing of access; deleted assets are found by id and by alias."""

    async def add_asset(self, asset: Asset, aliases: Sequence[str]) -> Asset | None:
        """Insert it under the first of `aliases` that the owner has not, None when all are taken.

        The `alias` of `asset` is ignored. Two at once get two aliases.
        """
        ...

    async def asset(self, asset_id: str) -> Asset | None: ...
    async def asset_by_alias(self, owner_id: str, alias: str) -> Asset | None: ...
    async def global_asset(self, category: str, alias: str) -> Asset | None: ...

    async def assets(
        self, owner_id: str, *, search: str | None = None, first: int, after: str | None = None
    ) -> Page[Asset]:
        """Those that are not deleted, newest first; `after` is the id of the last one of the page
        before. `search` is found, without regard to case, in file name, original name, tags or
        description. An `after` that is not among the owner's raises INVALID_CURSOR."""
        ...

    async def link_asset(self, project_id: str, asset_id: str) -> None:
        """Note that a project uses it, once; nothing when either is gone."""
        ...

    async def linked_projects(
        self, asset_ids: Sequence[str]
    ) -> Mapping[str, tuple[ProjectName, ...]]:
        """By asset id, in the order of linking; assets without a project are missing."""
        ...

    async def project_assets(self, project_id: str) -> list[Asset]:
        """Those linked to a project and not deleted, in the order of linking."""
        ...

    async def update_asset(self, asset_id: str, changes: AssetChanges) -> Asset | None:
        """The asset as it is then, None when it is unknown or deleted."""
        ...

    async def delete_asset(self, asset_id: str) -> bool:
        """Mark it deleted; false when it was so, or is unknown."""
        ...

    async def stored_filenames(self, owner_id: str) -> frozenset[str]:
        """File names of all rows of the owner, deleted ones too."""
        ...


class Assets(Protocol):
    """Use cases around assets.

    What is missing, deleted, or private and somebody else's is ASSET_NOT_FOUND. `own` and what
    changes an asset tell a public one of somebody else apart: ACCESS_DENIED (§1.0, AOWN).
    """

    async def upload(self, viewer: Viewer, upload: Upload) -> Asset:
        """Keep a file. Raises FILE_TOO_LARGE, INVALID_FILE_TYPE, PROJECT_NOT_FOUND,
        INVALID_INPUT, ASSET_LIMIT_REACHED."""
        ...

    async def add_image(self, user_id: str, project_id: str, name: str, data: bytes) -> Asset:
        """Keep an image that was made for a project (§5.3)."""
        ...

    async def listed(self, viewer: Viewer) -> list[ListedAsset]:
        """All of the viewer's, newest first, at most 1,000."""
        ...

    async def search(self, viewer: Viewer, query: str | None) -> list[Asset]:
        """The viewer's that match, newest first: 50, or all (at most 1,000) without a query."""
        ...

    async def page(
        self, viewer: Viewer, *, first: int, after: str | None, search: str | None
    ) -> Page[Asset]:
        """The viewer's, newest first. Raises INVALID_CURSOR, INVALID_INPUT."""
        ...

    async def own(self, viewer: Viewer, asset_id: str) -> Asset: ...
    async def update(self, viewer: Viewer, asset_id: str, changes: AssetChanges) -> Asset: ...

    async def delete(self, viewer: Viewer, asset_id: str) -> int:
        """Soft: file, alias and links stay. How many projects use it."""
        ...

    async def readable(self, viewer: Viewer | None, asset_id: str) -> Asset:
        """Public, or the viewer's."""
        ...

    async def by_alias(self, viewer: Viewer | None, owner_id: str, alias: str) -> Asset:
        """As `readable`, and available now (§1.6)."""
        ...

    async def official(self, category: str, alias: str) -> Asset:
        """An official asset that is available now."""
        ...

    async def content(self, asset: Asset) -> bytes | None:
        """The file, None when the storage has lost it."""
        ...
