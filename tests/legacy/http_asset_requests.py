"""Random requests for assets, and for everything that is done with them."""

import json
from collections.abc import Callable
from typing import Any, Final

from tests.legacy.http_model import Expected, KnownAsset, bare, refused
from tests.legacy.http_upload_requests import TAGS
from tests.legacy.http_visitor import Asked, Visitor, escaped

_WORDS: Final = ("", "SHIP", "player", "%", "_", "zzz", "名前", "png")
_JSON: Final = {"Content-Type": "application/json"}


def library(visitor: Visitor) -> Asked:
    """All of the caller's, or those that a search finds."""
    caller, word = visitor.caller(), visitor.random.choice(_WORDS)
    searches = visitor.random.random() < 0.5
    path, query = ("/api/assets/search", f"q={escaped(word)}") if searches else ("/api/assets", "")
    expected = caller.refusal
    if caller.viewer:
        own = visitor.world.library(caller.viewer)
        ids = [asset.id for asset in own if not searches or asset.matches(word)]
        expected = Expected(200, holds=lambda reply: _ids(reply.json["assets"]) == ids)
    target = visitor.target(path, query, caller.query)
    methods = ("GET", "PUT", "DELETE") if searches else ("GET",)
    return Asked("GET", target, caller.viewer, expected, caller.headers, methods=methods)


def file(visitor: Visitor) -> Asked:
    """The content of one, by id or by alias. Whose token is bad is nobody, not refused."""
    caller, by_id = visitor.caller(), visitor.random.random() < 0.5
    picked = visitor.asset_id(caller.viewer)
    asset = visitor.world.assets.get(picked.lower())
    if by_id:
        found = visitor.world.readable_asset(caller.viewer, picked)
        path = f"/api/assets/{picked}"
    else:
        owner, alias = (asset.owner, asset.alias) if asset else (picked, "none.png")
        found = visitor.world.aliased(caller.viewer, owner, alias) or bare("Not found")
        path = f"/user-assets/{owner}/{alias}"
    expected = found if isinstance(found, Expected) else Expected(200, body=found.data)
    target = visitor.target(path, caller.query)
    methods = ("GET", "PUT", "DELETE") if by_id else ("GET",)
    return Asked("GET", target, caller.viewer, expected, caller.headers, methods=methods)


def manage(visitor: Visitor) -> Asked:
    """Look at one's own, change it, hide it, show it, delete it."""
    caller = visitor.caller()
    picked, action = visitor.asset_id(caller.viewer), visitor.random.choice([*_ACTIONS])
    method, suffix = action
    path = f"/api/assets/{picked}{suffix}"
    methods = ("GET", "PUT", "DELETE") if not suffix else (method,)
    target = visitor.target(path, caller.query)
    asked = Asked(method, target, caller.viewer, None, dict(caller.headers), methods=methods)
    found = visitor.world.own_asset(caller.viewer, picked) if caller.viewer else caller.refusal
    if isinstance(found, Expected):
        asked.expected = found
    else:
        _ACTIONS[action](visitor, asked, found)
    return asked


def _meta(_: Visitor, asked: Asked, asset: KnownAsset) -> None:
    asked.expected = Expected(200, {"id": asset.id, "alias": asset.alias, "isPublic": asset.public})


def _update(visitor: Visitor, asked: Asked, asset: KnownAsset) -> None:
    tags = visitor.random.choice([*TAGS, 5, ...])
    body = {} if tags is ... else {"tags": tags}
    _send_json(visitor, asked, body)
    if asked.expected is not None:
        return
    if tags == 5:
        asked.expected = refused(400, "tags must be a string")
        return
    kept = asset.tags if tags is ... else tags
    asked.expected = Expected(
        200,
        {"success": True},
        holds=lambda reply: (reply.json["asset"]["tags"] or "") == (kept or ""),
    )
    asked.learn = lambda _: setattr(asset, "tags", kept)


def _publish(visitor: Visitor, asked: Asked, asset: KnownAsset) -> None:
    public = visitor.random.choice([False, False, True, None, "true"])
    _send_json(visitor, asked, {"isPublic": public})
    if asked.expected is not None:
        return
    if not isinstance(public, bool):
        asked.expected = refused(400, "isPublic must be a boolean")
        return
    row = {"id": asset.id, "isPublic": public}
    asked.expected = Expected(200, {"success": True, "asset": row})
    asked.learn = lambda _: setattr(asset, "public", public)


def _delete(_: Visitor, asked: Asked, asset: KnownAsset) -> None:
    used = f" It was used in {len(asset.projects)} project(s) - they will now see a placeholder."
    message = "Asset deleted." + (used if asset.projects else "")
    asked.expected = Expected(200, {"success": True, "message": message})
    asked.learn = lambda _: setattr(asset, "deleted", True)


def _send_json(visitor: Visitor, asked: Asked, body: dict[str, Any]) -> None:
    asked.headers |= _JSON
    asked.body = json.dumps(body).encode()
    if visitor.random.random() < 0.15:
        asked.body = visitor.random.choice([b"{bad", b"[]", b"\xff", b"[" * 9_000, b'{"a":NaN}'])
        asked.expected = refused(400, "Invalid JSON")


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


_ACTIONS: Final[dict[tuple[str, str], Callable[[Visitor, Asked, KnownAsset], None]]] = {
    ("GET", "/meta"): _meta,
    ("PUT", ""): _update,
    ("PUT", "/publish"): _publish,
    ("DELETE", ""): _delete,
}
