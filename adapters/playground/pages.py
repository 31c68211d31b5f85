"""The playground: GraphiQL for browsers at the address of the GraphQL endpoint."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.playground.assets import Assets
from adapters.playground.examples import read_examples
from adapters.playground.negotiation import wants_page
from adapters.playground.policy import SECURITY_HEADERS
from adapters.playground.trust import is_local

ENDPOINT: Final = "/graphql"

_STATIC: Final = Path(__file__).parent / "static"
_ASSETS: Final = "/playground/assets/"  # `base` in clients/playground/vite.config.ts
_CONFIGURATION: Final = "{{ configuration }}"
_PAGE_HEADERS: Final = {
    **SECURITY_HEADERS,
    "Cache-Control": "no-store",  # it may hold a token
    "Vary": "Accept",
}
# So that no value can end the element that it stands in.
_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Playground:
    """An ASGI application around `app` that keeps the page and its files for itself.

    Everything else is passed on, so `app` may be the GraphQL endpoint or the whole gateway.
    `token` makes the development user's token for one page, None where there is no such user; it
    is asked only for pages that go to this machine (`trust.is_local`, which `hosts` is for).
    `pages` are the paths that show the page; its operations go to `ENDPOINT`.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: Callable[[], str | None],
        *,
        hosts: Collection[str] = (),
        pages: Collection[str] = (ENDPOINT,),
    ) -> None:
        self._app: Final = app
        self._token: Final = token
        self._hosts: Final = frozenset(host.lower() for host in hosts)
        self._pages: Final = frozenset(pages)
        self._assets: Final = Assets(_STATIC / "assets")
        self._template: Final = (_STATIC / "index.html").read_text()
        self._examples: Final = read_examples()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        answer = self._answer(Request(scope)) if scope["type"] == "http" else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        path = request.scope["path"]
        if path.startswith(_ASSETS):
            return self._assets.response(request, path.removeprefix(_ASSETS))
        if path in self._pages and wants_page(request):
            return Response(self._page(request), media_type="text/html", headers=_PAGE_HEADERS)
        return None

    def _page(self, request: Request) -> str:
        configuration: dict[str, Any] = {
            "endpoint": ENDPOINT,
            "token": self._token() if is_local(request.scope, self._hosts) else None,
            "examples": self._examples,
        }
        text = msgspec.json.encode(configuration).decode().translate(_ESCAPES)
        return self._template.replace(_CONFIGURATION, text)
