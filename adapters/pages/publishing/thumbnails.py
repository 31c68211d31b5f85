"""A project's picture. Source: `contract/legacy-http.md` §1.7."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.guards import Guards
from adapters.pages.assets.bodies import read_form, read_json
from adapters.pages.content import Content
from adapters.pages.credentials import Refused
from adapters.pages.publishing.guards import Turns, owned, refusing
from adapters.pages.responses import send_bytes, send_json
from schema.errors import DreamCoreError
from schema.publishing import Publishing

FIELD: Final = "thumbnail"
UNAVAILABLE: Final = "Image generation service not available"
MAX_TITLE_CHARACTERS: Final = 200
_HEADERS: Final = {
    "cache-control": "public, max-age=0",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class ThumbnailPages:
    """One method an address; all raise `Refused`. `clock` tells seconds since 1970."""

    guards: Guards
    publishing: Publishing
    turns: Turns
    clock: Callable[[], float] = time.time

    async def upload(self, request: Request) -> Response:
        """Keep a picture."""
        viewer, project_id = await owned(self.guards, request)
        form = await read_form(request, FIELD)
        if form.file is None:
            raise Refused(400, "No file uploaded")
        with refusing():
            await self.publishing.set_thumbnail(viewer, project_id, form.file.data)
        return self._made(request, project_id)

    async def generate(self, request: Request) -> Response:
        """Have one made."""
        viewer, project_id = await owned(self.guards, request)
        title = (await read_json(request)).get("title")
        with self.turns.taken(viewer.user_id), refusing(UNAVAILABLE):
            await self.publishing.make_thumbnail(
                viewer, project_id, title[:MAX_TITLE_CHARACTERS] if isinstance(title, str) else ""
            )
        return self._made(request, project_id)

    def _made(self, request: Request, project_id: str) -> Response:
        url = address(project_id, "thumbnail", self.clock)
        return send_json(request, {"success": True, "thumbnailUrl": url})


async def thumbnail(publishing: Publishing, request: Request) -> Response:
    """The picture, for anybody: it is shown before anybody has signed in."""
    try:
        picture = await publishing.thumbnail(request.path_params["project_id"])
    except DreamCoreError:
        picture = None
    if picture is None:
        raise Refused(404, "Not found", bare=True)
    etag = await to_thread.run_sync(_entity_tag, picture.data)
    content = Content(len(picture.data), picture.media_type, etag, headers=_HEADERS)
    return send_bytes(request, picture.data, content)


def address(project_id: str, what: str, clock: Callable[[], float]) -> str:
    """Where a project's file is; the time makes browsers ask for it again."""
    return f"/api/projects/{project_id}/{what}?t={int(clock() * 1_000)}"


def _entity_tag(data: bytes) -> str:
    """A weak validator. For a worker thread: a picture may have megabytes."""
    return f'W/"{len(data):x}-{sha256(data).hexdigest()[:32]}"'
