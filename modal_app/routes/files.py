"""`GET /get_file`, `/list_files` and `/bundle`: what a project holds (`legacy-modal.md` §1.4)."""

import asyncio
import os
from collections.abc import AsyncGenerator
from mimetypes import MimeTypes
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from starlette.requests import Request
from starlette.responses import Response

from modal_app.routes.requests import invalid, required_uuid
from modal_app.routes.responses import ByteStream, Json, problem
from modal_app.routes.state import state_of
from modal_app.workspace.errors import FileMissing
from modal_app.workspace.workspace import Workspace
from schema.identifiers import is_git_hash

_ENTRY: Final = "index.html"
_CHUNK_BYTES: Final = 256 * 1024
_UNKNOWN_TYPE: Final = "application/octet-stream"
_MORE_TYPES: Final = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".md": "text/markdown",
}
# First match; everything else is asked for anew each time.
_CACHE_RULES: Final = (
    (("text/html",), "no-store"),
    (("image/", "audio/", "font/", "text/css", "text/javascript"), "public, max-age=3600"),
)


def _types() -> MimeTypes:
    types = MimeTypes()
    for suffix, kind in _MORE_TYPES.items():
        types.add_type(kind, suffix)
    return types


_TYPES: Final = _types()


async def get_file(request: Request) -> Response:
    """The bytes of one file of the newest version; any root page stands in for `index.html`."""
    workspace = workspace_of(request)
    path = request.query_params.get("path", "").lstrip("/") or _ENTRY
    try:
        content = await workspace.read(path)
    except FileMissing:
        if await workspace.head() is None:
            return problem(404, "Project not found")
        if path != _ENTRY:
            raise
        pages = [name for name in await workspace.files() if _is_root_page(name)]
        if not pages:
            return problem(404, "No HTML file found")
        path = pages[0]
        content = await workspace.read(path)
    kind = _TYPES.guess_type(path)[0] or _UNKNOWN_TYPE
    headers = {
        "access-control-allow-origin": "*",
        "cache-control": _cache_rule(kind),
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)


async def list_files(request: Request) -> Response:
    """`{"files": [path, …]}`, without hidden ones; empty for a project that does not exist."""
    return Json({"files": await workspace_of(request).files()})


async def bundle(request: Request) -> Response:
    """A git bundle of one version and its history, for the gateway's mirror."""
    workspace = workspace_of(request)
    version = request.query_params.get("version")
    if not version:
        raise invalid("version is required")
    if not is_git_hash(version):
        raise invalid("Invalid commit hash")
    with TemporaryDirectory(prefix="dreamcore-") as directory:
        target = Path(directory) / "version.bundle"
        await workspace.bundle(version, target)
        # Its name goes with the directory; the content stays as long as it is open.
        file = await asyncio.to_thread(target.open, "rb")
    size = os.fstat(file.fileno()).st_size
    headers = {"content-type": "application/x-git-bundle", "content-length": str(size)}
    return ByteStream(_chunks(file), headers)


def workspace_of(request: Request) -> Workspace:
    """The project that the query names. Raises INVALID_INPUT."""
    query = request.query_params
    user_id = required_uuid(query.get("user_id"), "user_id")
    project_id = required_uuid(query.get("project_id"), "project_id")
    return state_of(request).workspace(user_id, project_id)


async def _chunks(file: BinaryIO) -> AsyncGenerator[bytes, None]:
    with file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            yield chunk


def _is_root_page(name: str) -> bool:
    return "/" not in name and name.endswith(".html")


def _cache_rule(kind: str) -> str:
    return next((rule for kinds, rule in _CACHE_RULES if kind.startswith(kinds)), "no-cache")
