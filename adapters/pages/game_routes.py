"""The addresses of games, and what every answer from there carries."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from adapters.pages import cross_origin
from adapters.pages.games import GameServer
from adapters.pages.refusals import answered
from adapters.pages.routing import Handler, LegacyRoute

# No `allow-same-origin`: a game is a stranger's code, and this origin holds its player's token.
_HEADERS: Final = {
    "Content-Security-Policy": (
        "sandbox allow-scripts allow-pointer-lock allow-forms allow-modals allow-orientation-lock"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

CrossOrigin = Callable[[Request], dict[str, str]]


def routes(server: GameServer, allowed_origins: Collection[str] = ()) -> list[BaseRoute]:
    """Games with a grant in the address, and with an access token.

    `allowed_origins` (`CORS_ALLOWED_ORIGINS`) may read the latter; the former is open to whoever
    knows the address.
    """
    listed = partial(cross_origin.allowed_for, origins=allowed_origins)
    address = "{user_id}/{project_id}/{path:path}"

    async def preflight(request: Request) -> Response:
        return _preflight(listed(request))

    return [
        GameRoute(f"/game/~{{grant}}/{address}", server.by_grant, cross_origin.open_to_all),
        GameRoute(f"/game/{address}", server.by_token, listed),
        # Whether there could be a game does not matter.
        LegacyRoute("/game/{path:path}", preflight, "OPTIONS"),
    ]


class GameRoute(LegacyRoute):
    """Turns refusals into answers, and locks every answer up."""

    def __init__(self, path: str, handler: Handler, headers_for: CrossOrigin) -> None:
        async def locked(request: Request) -> Response:
            response = await answered(handler, request)
            response.headers.update({**_HEADERS, **headers_for(request)})
            return response

        super().__init__(path, locked)
        self._headers_for: Final = headers_for

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As every address, but OPTIONS is answered for browsers that ask beforehand."""
        if scope["method"] == "OPTIONS":
            await _preflight(self._headers_for(Request(scope)))(scope, receive, send)
        else:
            await super().handle(scope, receive, send)


def _preflight(headers: Mapping[str, str]) -> Response:
    return PlainTextResponse("OK", headers=headers)
