"""Random requests for drafts, thumbnails, movies and pictures that are made."""

import json
from collections.abc import Callable
from typing import Any, Final

from tests.adapters.pages.assets.forms import PNG, Part, form
from tests.legacy.http_model import Expected, KnownProject, bare, refused
from tests.legacy.http_visitor import Asked, Caller, Visitor

_JSON: Final = {"Content-Type": "application/json"}
_NO_IMAGES: Final = refused(503, "Image generation service not available")
_NO_BACKGROUNDS: Final = refused(503, "Background removal service not configured")
_DEFAULTS: Final[dict[str, Any]] = {
    "title": "",
    "description": "",
    "howToPlay": "",
    "tags": [],
    "visibility": "public",
    "remix": "allowed",
    "thumbnailUrl": None,
}
_MALFORMED: Final = (b"{bad", b"[]", b"\xff", b"[" * 9_000, b'{"title":1e999}')
_WRONG: Final[tuple[dict[str, Any], ...]] = (
    {"title": "x" * 51},
    {"title": 5},
    {"description": "x" * 501},
    {"howToPlay": "\0"},
    {"tags": "a,b"},
    {"tags": ["x" * 21]},
    {"tags": [str(number) for number in range(11)]},
    {"visibility": "nobody"},
    {"remix": "maybe"},
)


def drafts(visitor: Visitor) -> Asked:
    """Read a project's draft, or replace it."""
    return _of_project(visitor, visitor.random.choice([*_DRAFTS]), ("GET", "PUT"))


def publishing(visitor: Visitor) -> Asked:
    """Thumbnails, movies and words."""
    method, suffix = action = visitor.random.choice([*_ACTIONS])
    if suffix == "/thumbnail":
        return _thumbnail(visitor)
    return _of_project(visitor, action, (method,))


def pictures(visitor: Visitor) -> Asked:
    """Have one made, or changed: nobody is there who could."""
    caller, random = visitor.caller(), visitor.random
    removes = random.random() < 0.5
    name, unavailable = ("image", _NO_BACKGROUNDS) if removes else ("prompt", _NO_IMAGES)
    path = "/api/assets/remove-background" if removes else "/api/generate-image"
    value = random.choice(
        ["data:image/png;base64,AAAA", "data:x", "http://127.0.0.1/", "", None, 5]
    )
    usable = isinstance(value, str) and bool(value)
    asked = Asked("POST", visitor.target(path, caller.query), caller.viewer, caller.refusal)
    asked.headers, asked.body = {**caller.headers, **_JSON}, json.dumps({name: value}).encode()
    asked.methods = ("POST", "GET", "PUT", "DELETE") if removes else ("POST",)
    if caller.viewer:
        asked.expected = unavailable if usable else refused(400, f"{name} is required")
    return asked


def _of_project(visitor: Visitor, action: tuple[str, str], methods: tuple[str, ...]) -> Asked:
    caller, (method, suffix) = visitor.caller(), action
    project_id = visitor.project_id(caller.viewer)
    target = visitor.target(f"/api/projects/{project_id}{suffix}", caller.query)
    asked = Asked(method, target, caller.viewer, caller.refusal, dict(caller.headers))
    asked.methods = methods
    if caller.viewer:
        found = visitor.world.project(caller.viewer, project_id)
        if isinstance(found, Expected):
            asked.expected = found
        else:
            {**_DRAFTS, **_ACTIONS}[action](visitor, asked, found)
    return asked


def _thumbnail(visitor: Visitor) -> Asked:
    """Anybody's, whatever is wrong with the token."""
    caller: Caller = visitor.caller()
    project_id = visitor.project_id(caller.viewer)
    found = visitor.world.projects.get(project_id.lower())
    expected = Expected(200, body=found.thumbnail) if found and found.thumbnail else None
    target = visitor.target(f"/api/projects/{project_id}/thumbnail", caller.query)
    return Asked("GET", target, caller.viewer, expected or bare("Not found"), caller.headers)


def _read(_: Visitor, asked: Asked, project: KnownProject) -> None:
    draft = project.draft
    if draft is None:
        asked.expected = Expected(200, body=b"null")
    else:
        row = {**draft, "project_id": project.id, "how_to_play": draft["howToPlay"]}
        asked.expected = Expected(200, row)


def _save(visitor: Visitor, asked: Asked, project: KnownProject) -> None:
    random = visitor.random
    asked.headers |= _JSON
    if random.random() < 0.25:
        malformed = random.random() < 0.5
        wrong = json.dumps(random.choice(_WRONG)).encode()
        asked.body = random.choice(_MALFORMED) if malformed else wrong
        asked.expected = refused(400, "Invalid JSON") if malformed else Expected(400)
        return
    body: dict[str, Any] = {"title": project.secret, "description": random.choice(["", "説明"])}
    choices: dict[str, list[Any]] = {
        "howToPlay": ["H", "🎮" * 500],
        "tags": [[], ["a", "b"]],
        "visibility": ["public", "unlisted"],
        "remix": ["allowed", "disallowed"],
        "thumbnailUrl": [None, "/api/projects/x/thumbnail?t=1"],
        "project_id": ["ignored"],
    }
    for name, values in choices.items():
        if random.random() < 0.5:
            body[name] = random.choice(values)
    asked.body = json.dumps(body).encode()
    asked.expected = Expected(200, {"success": True})
    kept = _DEFAULTS | {name: value for name, value in body.items() if name in _DEFAULTS}
    asked.learn = lambda _: setattr(project, "draft", kept)


def _upload(visitor: Visitor, asked: Asked, project: KnownProject) -> None:
    picture = PNG + project.secret.encode()
    body, expected = visitor.random.choice(
        [
            (form(Part("thumbnail", picture, "t.webp", "image/webp")), None),
            (form(Part("thumbnail", b"<svg>", "t.webp", "image/webp")),
             refused(415, "Invalid file type")),
            (form(Part("file", PNG, "t.png", "image/png")), refused(400, "Unexpected field")),
            (form(), refused(400, "No file uploaded")),
            (("multipart/form-data; boundary=b", b"x"), refused(400, "Invalid form")),
        ]
    )  # fmt: skip
    asked.headers["Content-Type"], asked.body = body
    asked.expected = expected or Expected(200, {"success": True})
    if expected is None:
        asked.learn = lambda _: setattr(project, "thumbnail", picture)


def _no_thumbnail(_: Visitor, asked: Asked, __: KnownProject) -> None:
    asked.expected = _NO_IMAGES


def _no_movie(_: Visitor, asked: Asked, project: KnownProject) -> None:
    unavailable = refused(503, "Movie generation service not available")
    asked.expected = unavailable if project.page else refused(404, "Game code not found")


def _movie(_: Visitor, asked: Asked, __: KnownProject) -> None:
    asked.expected = bare("Movie not found")


def _info(_: Visitor, asked: Asked, project: KnownProject) -> None:
    asked.expected = Expected(200, {"title": project.name})


_Action = Callable[[Visitor, Asked, KnownProject], None]
_DRAFTS: Final[dict[tuple[str, str], _Action]] = {
    ("GET", "/publish-draft"): _read,
    ("PUT", "/publish-draft"): _save,
}
_ACTIONS: Final[dict[tuple[str, str], _Action]] = {
    ("POST", "/upload-thumbnail"): _upload,
    ("GET", "/thumbnail"): _movie,
    ("POST", "/generate-thumbnail"): _no_thumbnail,
    ("POST", "/generate-movie"): _no_movie,
    ("GET", "/movie"): _movie,
    ("POST", "/generate-publish-info"): _info,
}
