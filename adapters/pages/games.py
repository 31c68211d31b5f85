"""Games, from the mirror: `/game/{user}/{project}/…`, and the same behind a grant.

Source: `contract/legacy-http.md` §1.5; docs/game-serving.md argues what is ours.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.pages.content import Content
from adapters.pages.credentials import Refused, authenticated, presented
from adapters.pages.game_paths import INDEX, game_path
from adapters.pages.grants import Grants, InvalidGrant
from adapters.pages.injection import SCRIPT_TAG, WELCOME, game_page
from adapters.pages.media_types import HTML, game_type
from adapters.pages.responses import send_bytes
from adapters.pages.routing import PATH_CHARACTERS
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.mirror import Mirror
from schema.models import Project, Viewer
from schema.ports import Identity

_PRIVATE: Final = "private, no-cache"
_KEPT: Final = "private, max-age=3600"


@dataclass(frozen=True, slots=True)
class Game:
    """One version of a project, None before the first; `user_id` is its owner."""

    user_id: str
    project_id: str
    version: str | None


@dataclass(frozen=True, slots=True)
class GameServer:
    """Checks who asks, and sends files of games.

    `find_project` is `Projects.get`: the viewer's project, or PROJECT_NOT_FOUND.
    """

    identity: Identity
    find_project: Callable[[Viewer, str], Awaitable[Project]]
    mirror: Mirror
    grants: Grants

    async def by_token(self, request: Request) -> Response:
        """With an access token.

        A browser that opens such an address is sent on to one with a grant: there the game finds
        its files, and no token that it could read.
        """
        token = presented(request)
        game = await self._own_game(request, token.token)
        path = game_path(request.path_params["path"])
        data = await self._read(game, path)
        if token.in_address and _is_navigation(request):
            grant = self.grants.issue(game.user_id, game.project_id, game.version)
            target = f"/game/~{grant}/{game.user_id}/{game.project_id}/{path}"
            response: Response = RedirectResponse(quote(target, safe=PATH_CHARACTERS), 302)
            response.headers["cache-control"] = "no-store"
            return response
        return await _send(request, game, path, data, _PRIVATE)

    async def by_grant(self, request: Request) -> Response:
        """With a grant in the address, which names the version too."""
        user_id, project_id = _ids(request)
        try:
            version = self.grants.version(request.path_params["grant"], user_id, project_id)
        except InvalidGrant:
            raise Refused(401, "Invalid or expired token") from None
        game = Game(user_id, project_id, version)
        path = game_path(request.path_params["path"])
        data = await self._read(game, path)
        return await _send(request, game, path, data, _PRIVATE if path == INDEX else _KEPT)

    async def _own_game(self, request: Request, token: str) -> Game:
        viewer = await authenticated(self.identity, token)
        user_id, project_id = _ids(request)
        if viewer.user_id.lower() != user_id:
            raise Refused(403, "Access denied")
        try:
            await self.find_project(viewer, project_id)
        except DreamCoreError as error:
            if error.code is not ErrorCode.PROJECT_NOT_FOUND:
                raise
            raise Refused(404, "Project not found") from None
        return Game(user_id, project_id, await self.mirror.head(project_id))

    async def _read(self, game: Game, path: str) -> bytes:
        if game.version is not None:
            data = await self.mirror.read(game.project_id, path, game.version)
        else:
            data = WELCOME if path == INDEX else None
        if data is None:
            raise Refused(404, "File not found", bare=True)
        return data


def _ids(request: Request) -> tuple[str, str]:
    ids = request.path_params["user_id"], request.path_params["project_id"]
    if not all(map(is_uuid, ids)):
        raise Refused(400, "Invalid ID format")
    return ids[0].lower(), ids[1].lower()


def _is_navigation(request: Request) -> bool:
    """Whether a browser wants to show it; programs get the same bytes without a detour."""
    return request.method == "GET" and HTML in request.headers.get("accept", "")


async def _send(request: Request, game: Game, path: str, data: bytes, cache: str) -> Response:
    etag = f'"{game.version or "welcome"}"'
    if path == INDEX:
        data = await to_thread.run_sync(game_page, data)
        etag = f'"{game.version or "welcome"}-{SCRIPT_TAG}"'
    headers = {"cache-control": cache}
    return send_bytes(request, data, Content(len(data), game_type(path), etag, headers=headers))
