"""Assets as GraphQL types."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

import strawberry

from schema import assets
from schema.errors import DreamCoreError, ErrorCode
from schema.graphql.types import Node


@strawberry.type(description="A file that a user uploaded or had made, for all of their games.")
class Asset(Node):
    alias: str = strawberry.field(description="The last part of its address; the owner's only one.")
    filename: str = strawberry.field(description="As users see it.")
    mime_type: str = strawberry.field(description="What the uploader said that it is.")
    size: int = strawberry.field(description="In bytes.")
    hash: str = strawberry.field(description="SHA-256 of the content, in hexadecimal.")
    is_public: bool = strawberry.field(description="Whether others may read it.")
    tags: str | None = strawberry.field(description="In the owner's own form.")
    description: str | None = strawberry.field(description="In the owner's words.")
    created_at: datetime
    url: str = strawberry.field(description="Where the file is, on this server.")

    @classmethod
    def of(cls, asset: assets.Asset) -> Asset:
        return cls(
            id=strawberry.ID(asset.id),
            alias=asset.alias,
            filename=asset.original_name,
            mime_type=asset.mime_type,
            size=asset.size,
            hash=asset.hash,
            is_public=asset.is_public,
            tags=asset.tags,
            description=asset.description,
            created_at=asset.created_at,
            url=_url(asset),
        )


@strawberry.input(description="What to change of an asset; what is left out or null stays.")
class UpdateAssetInput:
    id: strawberry.ID = strawberry.field(description="An asset of the viewer.")
    tags: str | None = strawberry.field(default=None, description="At most 2,000 characters.")
    description: str | None = strawberry.field(
        default=None, description="At most 2,000 characters."
    )
    is_public: bool | None = strawberry.field(
        default=None, description="Whether others may read it."
    )

    def changes(self) -> assets.AssetChanges:
        return assets.AssetChanges(
            tags=self.tags, description=self.description, is_public=self.is_public
        )


@contextmanager
def foreign_is_missing() -> Generator[None, None, None]:
    """Here a public asset of somebody else is none of the viewer's, like any other."""
    try:
        yield
    except DreamCoreError as error:
        if error.code is ErrorCode.ACCESS_DENIED:
            raise DreamCoreError(ErrorCode.ASSET_NOT_FOUND) from None
        raise


def _url(asset: assets.Asset) -> str:
    """`contract/legacy-http.md` §1.6."""
    if asset.owner_id is None:
        return (
            f"/global-assets/{quote(asset.category or '', safe='')}/{quote(asset.alias, safe='')}"
        )
    return f"/user-assets/{asset.owner_id}/{quote(asset.alias, safe='')}"
