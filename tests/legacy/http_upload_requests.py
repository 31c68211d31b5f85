"""Random uploads, good and bad."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tests.adapters.pages.assets.forms import BOUNDARY, PNG, Part, form
from tests.adapters.pages.exchange import Reply
from tests.legacy.http_model import Expected, KnownAsset, refused
from tests.legacy.http_visitor import Asked, Caller, Visitor

# Name, and what alias and stored name begin and end with.
_NAMES: Final = {
    "player.png": ("player", ".png"),
    "プレイヤー.png": ("_____", ".png"),
    "Photo.PNG": ("Photo_PNG", ".png"),
    "Untitled": ("Untitled", ""),
    "../up/sky.webp": ("sky", ".webp"),
}
TAGS: Final = (None, "", "space,ship", "100%", "名前")
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


_FILE: Final = Part("file", PNG, "a.png", "image/png")
_BROKEN: Final = [
    _Broken(*form(), _NO_FILE),
    _Broken(*form(Part("projectId", b"x")), _NO_FILE),
    _Broken("text/plain", b"file", _NO_FILE),
    _Broken("application/json", b"{", _NO_FILE),
    _Broken(*form(Part("wrong", PNG, "a.png", "image/png")), refused(400, "Unexpected field")),
    _Broken(*form(_FILE, Part("projectId", b"x")), refused(400, "Invalid project ID")),
    _Broken(*form(Part("file", b"x", "x.txt", "text/plain")), refused(415, "Invalid file type")),
    _Broken(*form(Part("file", b"x", "x.html", "text/html")), refused(415, "Invalid file type")),
    _Broken(
        *form(Part("file", bytes(2**20), "a.png", "image/png")), refused(413, "File too large")
    ),
    _Broken(f"multipart/form-data; boundary={BOUNDARY}", b"no form", refused(400, "Invalid form")),
    _Broken("multipart/form-data", PNG, refused(400, "Invalid form")),
    _Broken(
        f"multipart/form-data; boundary={BOUNDARY}",
        form(_FILE)[1][:-9],
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
    shown, data, tags = pick([*_NAMES]), PNG + secret.encode(), pick(TAGS)
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
