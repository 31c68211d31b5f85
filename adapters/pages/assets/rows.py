"""Assets as browsers read them. Source: `contract/legacy-http.md` §1.6. Key order is the wire's."""

from typing import Any

from resolvers.forms import timestamp
from schema.assets import Asset, ListedAsset

Row = dict[str, Any]


def url_of(asset: Asset) -> str:
    """The address of the file, by its alias."""
    return f"/user-assets/{asset.owner_id}/{asset.alias}"


def uploaded_row(asset: Asset) -> Row:
    """What an upload is answered with. The chat of the editor reads `name`."""
    return {
        "id": asset.id,
        "alias": asset.alias,
        "filename": asset.original_name,
        "name": asset.original_name,
        "mimeType": asset.mime_type,
        "size": asset.size,
        "url": url_of(asset),
    }


def listed_row(listed: ListedAsset) -> Row:
    """In the list of all, with the projects that use it."""
    asset = listed.asset
    return {
        **_known(asset),
        "isPublic": asset.is_public,
        **_described(asset),
        "url": url_of(asset),
        "projects": [{"id": project.id, "name": project.name} for project in listed.projects],
        "createdAt": timestamp(asset.created_at),
    }


def found_row(asset: Asset) -> Row:
    """Among what a search has found: only the viewer's own."""
    return {
        **_known(asset),
        "isPublic": asset.is_public,
        "isOwner": True,
        **_described(asset),
        "url": url_of(asset),
    }


def meta_row(asset: Asset) -> Row:
    """Alone."""
    return {
        **_known(asset),
        "isPublic": asset.is_public,
        **_described(asset),
        "createdAt": timestamp(asset.created_at),
        "url": url_of(asset),
    }


def _known(asset: Asset) -> Row:
    return {
        "id": asset.id,
        "filename": asset.original_name,
        "alias": asset.alias,
        "mimeType": asset.mime_type,
        "size": asset.size,
    }


def _described(asset: Asset) -> Row:
    return {"tags": asset.tags, "description": asset.description}
