"""Random requests for projects, jobs, games and pages."""

from collections.abc import Callable
from typing import Final

from tests.adapters.pages.exchange import Reply
from tests.legacy.http_model import Expected, KnownJob, KnownProject, bare, refused
from tests.legacy.http_visitor import Asked, Visitor

_NO_PAGE: Final = refused(404, "Project not found")
_PLACES: Final = (
    *("index.html", "", "./index.html", "index.html//"),
    *("a/b.js", "../index.html", "..%2F..%2Fsecret", "%2e%2e/x", "x%00", "a\\b", ".git/config"),
)
_PAGES: Final = {
    "/": "index.html",
    "/create": "create.html",
    "/project/new": "editor.html",
    "/play/x": "play.html",
    "/style.css": "style.css",
    "/mypage.html": "mypage.html",
}
_ABSENT: Final = ("/publish", "/editor", "/zap/x", "/api/notifications", "/game.html", "/api/nope")


def projects(visitor: Visitor) -> Asked:
    """All of them, or one part of one."""
    caller = visitor.caller()
    if visitor.random.random() < 0.15:
        own = {p.id for p in visitor.world.projects.values() if p.owner == caller.viewer}
        listed = Expected(200, holds=lambda reply: _ids(reply.json["projects"]) == own)
        expected = listed if caller.viewer else caller.refusal
        target = visitor.target("/api/projects", caller.query)
        return Asked("GET", target, caller.viewer, expected, caller.headers)
    part = visitor.random.choice([*_PARTS])
    project_id = visitor.project_id(caller.viewer)
    target = visitor.target(f"/api/projects/{project_id}{part}", caller.query)
    expected = caller.refusal
    if caller.viewer:
        found = visitor.world.project(caller.viewer, project_id)
        expected = found if isinstance(found, Expected) else _PARTS[part](visitor, found)
    return Asked("GET", target, caller.viewer, expected, caller.headers)


def jobs(visitor: Visitor) -> Asked:
    """One of them: its row, or its end."""
    caller = visitor.caller()
    job_id, cancels = visitor.job_id(caller.viewer), visitor.random.random() < 0.3
    path = f"/api/jobs/{job_id}{'/cancel' if cancels else ''}"
    method = "POST" if cancels else "GET"
    found = visitor.world.job(caller.viewer, job_id) if caller.viewer else caller.refusal
    target = visitor.target(path, caller.query)
    if isinstance(found, Expected):
        return Asked(method, target, caller.viewer, found, caller.headers, methods=(method,))
    if not cancels:
        row = {"id": found.id, "user_id": found.owner, "project_id": found.project}
        is_known = Expected(200, row, holds=lambda reply: reply.json["status"] in found.statuses)
        return Asked(method, target, caller.viewer, is_known, caller.headers)
    ended = found.status if found.status == "completed" else "cancelled"

    def told(reply: Reply) -> bool:
        return (reply.json["job"]["id"], reply.json["job"]["status"]) == (found.id, ended)

    def learn(_: Reply) -> None:
        found.status = ended

    expected = Expected(200, {"success": True}, holds=told)
    return Asked("POST", target, caller.viewer, expected, caller.headers, b"", ("POST",), learn)


def games(visitor: Visitor) -> Asked:
    """A file of a game; the ids need not belong together."""
    caller, place = visitor.caller(), visitor.random.choice(_PLACES)
    owner = visitor.identifier([caller.viewer] if caller.viewer else [], visitor.world.users)
    project_id = visitor.project_id(caller.viewer)
    expected = caller.refusal
    if caller.viewer:
        found = visitor.world.project(caller.viewer, project_id)
        expected = _game(caller.viewer, owner, found, place)
    target = visitor.target(f"/game/{owner}/{project_id}/{place}", caller.query)
    return Asked("GET", target, caller.viewer, expected, caller.headers)


def pages(visitor: Visitor) -> Asked:
    """The frontend's files, and what is none of them."""
    path = visitor.random.choice([*_PAGES, *_ABSENT, "/api/health", "/api/config"])
    expected = Expected(404 if path in _ABSENT else 200)
    if path in _PAGES:
        expected = Expected(200, body=f"<title>{_PAGES[path]}</title>".encode())
    return Asked("GET", visitor.target(path), None, expected)


def _game(viewer: str, owner: str, found: KnownProject | Expected, place: str) -> Expected:
    bad_project = isinstance(found, Expected) and found.status == 400
    if len(owner) != len(viewer) or bad_project:
        return refused(400, "Invalid ID format")
    if owner.lower() != viewer:
        return refused(403, "Access denied")
    if isinstance(found, Expected):
        return found
    if place.startswith(("..", "%2e")) or place in ("x%00", "a\\b"):
        return refused(400, "Invalid file path")
    if place not in _PLACES[:3]:
        return bare("File not found")
    shown = found.secret.encode() if found.page else b"Welcome to Game Creator"
    return Expected(200, holds=lambda reply: shown in reply.body and b"gameLoaded" in reply.body)


def _one(_: Visitor, project: KnownProject) -> Expected:
    return Expected(200, {"id": project.id, "user_id": project.owner, "name": project.name})


def _code(_: Visitor, project: KnownProject) -> Expected:
    return Expected(200, {"code": project.page.decode()}) if project.page else _NO_PAGE


def _download(_: Visitor, project: KnownProject) -> Expected:
    archive = Expected(200, holds=lambda reply: reply.body.startswith(b"PK"))
    return archive if project.page else _NO_PAGE


def _preview(_: Visitor, project: KnownProject) -> Expected:
    return Expected(200, body=project.page) if project.page else bare("Game file not found")


def _active(visitor: Visitor, project: KnownProject) -> Expected:
    active = {job.id for job in _jobs_of(visitor, project) if job.status == "active"}
    return Expected(200, holds=lambda reply: _ids(filter(None, [reply.json["job"]])) == active)


def _list(visitor: Visitor, project: KnownProject) -> Expected:
    all_ids = {job.id for job in _jobs_of(visitor, project)}
    return Expected(200, holds=lambda reply: _ids(reply.json["jobs"]) == all_ids)


def _jobs_of(visitor: Visitor, project: KnownProject) -> list[KnownJob]:
    return [job for job in visitor.world.jobs.values() if job.project == project.id]


def _ids(rows: object) -> set[str]:
    return {row["id"] for row in rows}  # type: ignore[attr-defined]


_PARTS: Final[dict[str, Callable[[Visitor, KnownProject], Expected]]] = {
    "": _one,
    "/code": _code,
    "/ai-context": lambda *_: Expected(200, {"context": None}),
    "/download": _download,
    "/preview": _preview,
    "/active-job": _active,
    "/jobs": _list,
}
