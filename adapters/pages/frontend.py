"""The legacy frontend's `public/` folder, served as it is.

Source: `contract/legacy-http.md` §1.1, and §0 item 5 for `/play/{id}`, which asks for no token.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from adapters.pages.content import Content, answer
from adapters.pages.media_types import static_type
from adapters.pages.responses import FileResponse
from adapters.pages.routing import (
    CLOSED_PAGE_HEADERS,
    PATH_CHARACTERS,
    Handler,
    LegacyRoute,
    closed_page,
    no_such_address,
)

PLAYGROUND: Final = "/graphql"
PAGES: Final[Mapping[str, str]] = {
    "/create": "create.html",
    "/project/{project_id}": "editor.html",
    "/play/{project_id}": "play.html",
    "/mypage": "mypage.html",
    "/discover": "discover.html",
    "/notifications": "notifications.html",
}
_INDEX: Final = "index.html"
_CACHE: Final = {"cache-control": "public, max-age=0"}


def routes(directory: Path | None) -> list[BaseRoute]:
    """Every page and file. The last route takes whatever is left: put these behind all others.

    Without a directory `/` leads to the playground, and everything else is unknown.
    """
    if directory is None:
        return [LegacyRoute("/", _to_playground), LegacyRoute("/{path:path}", _unknown)]
    frontend = Frontend(directory)
    pages = [LegacyRoute(path, frontend.page(name)) for path, name in PAGES.items()]
    return [*pages, LegacyRoute("/{path:path}", frontend.file)]


@dataclass(frozen=True, slots=True)
class Frontend:
    """Files below a folder. Hidden ones, and what a link leads out of it to, are not there."""

    directory: Path

    def page(self, name: str) -> Handler:
        """A handler that serves one file whatever the path is."""

        async def serve(request: Request) -> Response:
            return await self._send(request, name)

        return serve

    async def file(self, request: Request) -> Response:
        """The file that the path names, or the index of a folder."""
        path = request.path_params["path"]
        return await self._send(request, f"{path}{_INDEX}" if path[-1:] in ("", "/") else path)

    async def _send(self, request: Request, path: str) -> Response:
        found = await to_thread.run_sync(_open, self.directory, path)
        if found is None:
            return no_such_address(request)
        if isinstance(found, _Folder):
            return _to_folder(request)
        file, facts = found
        modified = datetime.fromtimestamp(int(facts.st_mtime), UTC)
        etag = f'W/"{facts.st_size:x}-{facts.st_mtime_ns // 1_000_000:x}"'
        content = Content(facts.st_size, static_type(path), etag, modified, _CACHE)
        return FileResponse(file, answer(request.method, request.headers, content))


class _Folder:
    """Found where a file was looked for."""


def _open(directory: Path, path: str) -> tuple[BinaryIO, os.stat_result] | _Folder | None:
    names = path.split("/")
    if "\0" in path or any(not name or name.startswith(".") for name in names):
        return None
    root = os.path.realpath(directory)
    target = Path(os.path.realpath(Path(root, *names)))
    if not target.is_relative_to(root):
        return None
    try:
        if target.is_dir():
            return _Folder()
        # Without waiting: what is not a file may be a pipe.
        file = os.fdopen(os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except (OSError, ValueError):
        return None
    facts = os.fstat(file.fileno())
    if not stat.S_ISREG(facts.st_mode):
        file.close()
        return None
    return file, facts


def _to_folder(request: Request) -> Response:
    # One slash in front, or a browser would take the next name for a host.
    target = "/" + quote(request.scope["path"].strip("/"), safe=PATH_CHARACTERS) + "/"
    if request.url.query:
        target += f"?{request.url.query}"
    headers = {
        **CLOSED_PAGE_HEADERS,
        "Location": target,
        "Content-Type": "text/html; charset=UTF-8",
    }
    return Response(closed_page("Redirecting", f"Redirecting to {target}"), 301, headers)


async def _to_playground(_: Request) -> Response:
    return RedirectResponse(PLAYGROUND, 302)


async def _unknown(request: Request) -> Response:
    return no_such_address(request)
