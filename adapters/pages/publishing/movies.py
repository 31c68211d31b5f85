"""A project's demo movie. Source: `contract/legacy-http.md` §1.7."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.guards import Guards
from adapters.pages.assets.bodies import read_json
from adapters.pages.content import Content, answer
from adapters.pages.credentials import Refused
from adapters.pages.publishing.guards import Turns, owned, refusing
from adapters.pages.publishing.thumbnails import address
from adapters.pages.responses import FileResponse, send_json
from schema.publishing import Publishing

UNAVAILABLE: Final = "Movie generation service not available"
# It is the owner's alone, whatever the legacy server told caches.
_HEADERS: Final = {"cache-control": "private, no-cache", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class MoviePages:
    """One method an address; all raise `Refused`. `clock` tells seconds since 1970."""

    guards: Guards
    publishing: Publishing
    turns: Turns
    clock: Callable[[], float] = time.time

    async def generate(self, request: Request) -> Response:
        """Have one made; the answer waits for it."""
        viewer, project_id = await owned(self.guards, request)
        await read_json(request)
        with self.turns.taken(viewer.user_id), refusing(UNAVAILABLE):
            seconds = await self.publishing.make_movie(viewer, project_id)
        url = address(project_id, "movie", self.clock)
        told = int(seconds) if seconds.is_integer() else seconds
        return send_json(request, {"success": True, "movieUrl": url, "duration": told})

    async def movie(self, request: Request) -> Response:
        """The file, or a part of it."""
        viewer, project_id = await owned(self.guards, request)
        with refusing():
            movie = await self.publishing.movie(viewer, project_id)
        if movie is None:
            raise Refused(404, "Movie not found", bare=True)
        content = Content(movie.size, "video/mp4", f'W/"{movie.tag}"', headers=_HEADERS)
        return FileResponse(movie.file, answer(request.method, request.headers, content))
