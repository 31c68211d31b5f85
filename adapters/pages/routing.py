"""Routes as the legacy server matched them, and its page for what is not there.

Source: `contract/legacy-http.md` §1.0: paths ignore case and a trailing slash, HEAD goes with GET,
OPTIONS tells the methods, and every other method is an unknown address.
"""

import html
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Awaitable[Response]]

CLOSED_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
PATH_CHARACTERS: Final = "/~!$&'()*+,;=:@-._"
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
</head>
<body>
<pre>{text}</pre>
</body>
</html>
"""
_SHOWN_CHARACTERS: Final = 2_000


class LegacyRoute(Route):
    """An address of one method. A path ending in `{…:path}` takes its slashes as they are."""

    def __init__(self, path: str, endpoint: Handler, method: str = "GET") -> None:
        super().__init__(path, endpoint, methods=[method])
        self._answers: Final = ("GET", "HEAD") if method == "GET" else (method,)
        # Dollar would also match before a line feed, which a decoded path can end with.
        pattern = self.path_regex.pattern.removesuffix("$")
        slash = "" if path.endswith((":path}", "/")) else "/?"
        self.path_regex = re.compile(rf"{pattern}{slash}\Z", re.IGNORECASE | re.DOTALL)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose path matched."""
        if scope["method"] in self._answers:
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await allowed_methods(self._answers)(scope, receive, send)
        else:
            await no_such_address(Request(scope))(scope, receive, send)


def allowed_methods(methods: Iterable[str]) -> Response:
    """What OPTIONS is answered with."""
    allowed = ",".join(methods)
    return Response(allowed, headers={"Allow": allowed}, media_type="text/html")


def no_such_address(request: Request) -> Response:
    """The 404 page of an unknown path or method."""
    path = quote(request.scope["path"], safe=PATH_CHARACTERS)[:_SHOWN_CHARACTERS]
    body = closed_page("Error", f"Cannot {request.method} {path}")
    return Response(body, 404, CLOSED_PAGE_HEADERS, media_type="text/html")


async def not_found(request: Request, _: Exception) -> Response:
    """`no_such_address` as an exception handler, for 404 and 405."""
    return no_such_address(request)


def closed_page(title: str, text: str) -> str:
    """A page that only says something."""
    return _PAGE.format(title=html.escape(title), text=html.escape(text))
