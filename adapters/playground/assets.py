"""The built files of the page. Their names hold a hash of their contents, so they never change."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from adapters.playground.policy import SECURITY_HEADERS

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class _Asset:
    path: Path
    media_type: str
    stat: os.stat_result


class Assets:
    """The files of one folder, listed once: a name that is not in the list does not exist."""

    def __init__(self, folder: Path) -> None:
        self._assets: Final = {
            path.name: _Asset(path, _TYPES[path.suffix], path.stat())
            for path in sorted(folder.iterdir())
        }

    def response(self, request: Request, name: str) -> Response:
        """The file, 304 when the client has it, 404 or 405."""
        asset = self._assets.get(name)
        if asset is None:
            return JSONResponse({"error": "Not Found"}, 404, headers=SECURITY_HEADERS)
        if request.method not in ("GET", "HEAD"):
            headers = {**SECURITY_HEADERS, "Allow": "GET, HEAD"}
            return JSONResponse({"error": "Method Not Allowed"}, 405, headers=headers)
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{name}"',
        }
        if _matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return FileResponse(
            asset.path, headers=headers, media_type=asset.media_type, stat_result=asset.stat
        )


def _matches(condition: str, tag: str) -> bool:
    tags = [item.strip().removeprefix("W/") for item in condition.split(",")]
    return tag in tags or "*" in tags
