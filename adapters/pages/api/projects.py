"""The viewer's projects and their files. Source: `contract/legacy-http.md` §1.3."""

from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.archives import Archives
from adapters.pages.api.guards import Guards
from adapters.pages.content import Answer, Content
from adapters.pages.credentials import Refused
from adapters.pages.game_paths import INDEX
from adapters.pages.responses import FileResponse, send_bytes, send_json
from resolvers.forms import Form, context_form, list_form, timestamp
from schema.errors import DreamCoreError
from schema.mirror import Mirror
from schema.models import Project

# A browser opens a preview with the token in its address, where a game's code would read it:
# nothing runs in it. Games are played under `/game/`.
_PREVIEW: Final = {
    "cache-control": "private, no-cache",
    "content-security-policy": "sandbox",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_DOWNLOAD: Final = {
    "content-type": "application/zip",
    "content-disposition": 'attachment; filename="game.zip"',
}


@dataclass(frozen=True, slots=True)
class ProjectPages:
    """One method an address; all raise `Refused`."""

    guards: Guards
    mirror: Mirror
    archives: Archives

    async def all(self, request: Request) -> Response:
        """Every project of the viewer, most recently touched first."""
        viewer = await self.guards.viewer(request)
        recent = await self.guards.projects.recent(viewer)
        return send_json(request, {"projects": [list_form(project) for project in recent]})

    async def one(self, request: Request) -> Response:
        """The row of one project."""
        return send_json(request, _row(await self.guards.project(request)))

    async def code(self, request: Request) -> Response:
        """The game's page as text; 404 without one."""
        project = await self.guards.project(request)
        data = await self.mirror.read(project.id, INDEX)
        if data is None:
            raise Refused(404, "Project not found")
        return await to_thread.run_sync(_code, request, data)

    async def ai_context(self, request: Request) -> Response:
        """What the newest version of a run was made from, or null."""
        project = await self.guards.project(request)
        context = await self.guards.projects.version_context(project)
        return send_json(request, {"context": context_form(context) if context else None})

    async def download(self, request: Request) -> Response:
        """The newest version as a ZIP archive; 404 without one, 413 when it is too large."""
        project = await self.guards.project(request)
        newest = await self.guards.projects.versions(project, first=1)
        if not newest:
            raise Refused(404, "Project not found")
        file, size = await self.archives.build(project.id, newest[0])
        return FileResponse(file, Answer(200, {**_DOWNLOAD, "content-length": str(size)}, 0, size))

    async def preview(self, request: Request) -> Response:
        """The game's page as it is, without the script that reports errors."""
        project = await self.guards.project(request)
        try:
            version = await self.mirror.head(project.id)
            data = await self.mirror.read(project.id, INDEX, version)
        except DreamCoreError:
            raise Refused(500, "Error loading game", bare=True) from None
        if data is None:
            raise Refused(404, "Game file not found", bare=True)
        content = Content(len(data), "text/html; charset=utf-8", f'W/"{version}"', headers=_PREVIEW)
        return send_bytes(request, data, content)


def _code(request: Request, data: bytes) -> Response:
    """A page may have megabytes: for a worker thread."""
    return send_json(request, {"code": data.decode(errors="replace")})


def _row(project: Project) -> Form:
    return {
        "id": project.id,
        "user_id": project.user_id,
        "name": project.name,
        "is_public": False,
        "remixed_from": None,
        "created_at": timestamp(project.created_at),
        "updated_at": timestamp(project.updated_at),
    }
