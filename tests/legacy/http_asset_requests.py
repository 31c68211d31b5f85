"""Random requests for assets: uploads, good and bad, and everything that is done with them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from tests.adapters.pages.assets.forms import BOUNDARY, PNG, Part, form
from tests.adapters.pages.exchange import Reply
from tests.legacy.http_model import Expected, KnownAsset, bare, refused
from tests.legacy.http_visitor import Asked, Caller, Visitor, escaped

# Name, and what alias and stored name begin and end with.
_NAMES: Final = {
    "player.png": ("player", ".png"),
    "プレイヤー.png": ("_____", ".png"),
    "Photo.PNG": ("Photo_PNG", ".png"),
    "Untitled": ("Untitled", ""),
    "../up/sky.webp": ("sky", ".webp"),
}
_TAGS: Final = (None, "", "space,ship", "100%", "名前")
_WORDS: Final = ("", "SHIP", "player", "%", "_", "zzz", "名前", "png")
_JSON: Final = {"Content-Type": "application/json"}
_NO_FILE: Final = refused(400, "No file uploaded")
_HASH_DIGITS: Final = 16
# Behind the literal addresses stands the one with an id.
_UPLOAD: Final = ("POST", "GET", "PUT", "DELETE")


@dataclass(frozen=True)
class _Broken:
    """A body that is refused whoever sends it."""

    content_type: str
    body: bytes
    expected: Expected


def _form(*parts: Part) -> tuple[str, bytes]:
    return form(*parts)


_FILE: Final = Part("file", PNG, "a.png", "image/png")
_BROKEN: Final = [
    _Broken(*_form(), _NO_FILE),
    _Broken(*_form(Part("projectId", b"x")), _NO_FILE),
    _Broken("text/plain", b"file", _NO_FILE),
    _Broken("application/json", b"{", _NO_FILE),
    _Broken(*_form(Part("wrong", PNG, "a.png", "image/png")), refused(400, "Unexpected field")),
    _Broken(*_form(_FILE, Part("projectId", b"x")), refused(400, "Invalid project ID")),
    _Broken(*_form(Part("file", b"x", "x.txt", "text/plain")), refused(415, "Invalid file type")),
    _Broken(*_form(Part("file", b"x", "x.html", "text/html")), refused(415, "Invalid file type")),
    _Broken(
        *_form(Part("file", bytes(2**20), "a.png", "image/png")), refused(413, "File too large")
    ),
    _Broken(f"multipart/form-data; boundary={BOUNDARY}", b"no form", refused(400, "Invalid form")),
    _Broken("multipart/form-data", PNG, refused(400, "Invalid form")),
    _Broken(
        f"multipart/form-data; boundary={BOUNDARY}",
        _form(_FILE)[1][:-9],
        refused(400, "Invalid form"),
    ),
]


def upload(visitor: Visitor) -> Asked:
    """A file: taken, or refused for one reason."""
    caller, target = visitor.caller(), visitor.target("/api/assets/upload")
    if caller.query:
        target += f"{'&' if '?' in target else '?'}{caller.query}"
    if visitor.random.random() < 0.35:
        broken = visitor.random.choice(_BROKEN)
        expected = broken.expected if caller.viewer else caller.refusal
        headers = {**caller.headers, "Content-Type": broken.content_type}
        return Asked("POST", target, caller.viewer, expected, headers, broken.body, _UPLOAD)
    return _good_upload(visitor, caller, target)


def _good_upload(visitor: Visitor, caller: Caller, target: str) -> Asked:
    pick, secret = visitor.random.choice, f"{visitor.random.getrandbits(64):016x}"
    shown, data, tags = pick([*_NAMES]), PNG + secret.encode(), pick(_TAGS)
    parts = [
        Part("originalName", shown.encode()),
        Part("file", data, pick(["blob.png", "x.jpg"]), "image/png"),
    ]
    if tags is not None:
        parts.append(Part("tags", tags.encode()))
    project_id = visitor.project_id(caller.viewer) if visitor.random.random() < 0.6 else None
    if project_id is not None:
        parts.append(Part("projectId", project_id.encode()))
    visitor.random.shuffle(parts)
    content_type, body = form(*parts)
    headers = {**caller.headers, "Content-Type": content_type}
    asked = Asked("POST", target, caller.viewer, caller.refusal, headers, body, _UPLOAD)
    if caller.viewer is None:
        return asked
    found = visitor.world.project(caller.viewer, project_id) if project_id else None
    if isinstance(found, Expected):
        forbidden = refused(403, "Access denied to project")
        asked.expected = found if found.status == 400 else forbidden
        return asked
    base, extension = _NAMES[shown]
    alias = visitor.world.free_alias(caller.viewer, base, extension)
    url = f"/user-assets/{caller.viewer}/{alias}"
    row = {"alias": alias, "filename": shown, "url": url, "size": len(data)}
    stored = f"{base}_{sha256(data).hexdigest()[:_HASH_DIGITS]}{extension}"
    asked.expected = Expected(
        200, {"success": True}, holds=lambda reply: row.items() <= reply.json["asset"].items()
    )

    def learn(reply: Reply) -> None:
        name = reply.json["asset"]["id"]
        asset = KnownAsset(name, caller.viewer or "", alias, shown, stored, data, secret, tags)
        asset.projects += [found.id] if found is not None else []
        visitor.world.assets[name] = asset

    asked.learn = learn
    return asked


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
    tags = visitor.random.choice([*_TAGS, 5, ...])
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
