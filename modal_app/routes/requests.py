"""Reading requests: the shared secret, bounded bodies, JSON, identifiers."""

import hmac
import re
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from modal_app.routes.responses import problem
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import (
    HEALTH,
    LEGACY_SECRET_HEADER,
    MAX_MESSAGE_CHARACTERS,
    SECRET_HEADER,
)
from schema.identifiers import is_git_hash, parse_uuid

Value = TypeVar("Value")

_POSITION: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RequireSecret:
    """Refuses every request but the health check without the shared secret, its body unread.

    Either header name is accepted. Without a configured secret everything is refused.
    """

    app: ASGIApp
    secret: str | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif (
            scope["type"] == "lifespan"
            or scope["path"] == HEALTH
            or self._admits(Headers(scope=scope))
        ):
            await self.app(scope, receive, send)
        else:
            await problem(401, "Unauthorized")(scope, receive, send)

    def _admits(self, headers: Headers) -> bool:
        if not self.secret:
            return False
        expected = self.secret.encode()
        given = (headers.get(SECRET_HEADER), headers.get(LEGACY_SECRET_HEADER))
        return any(
            hmac.compare_digest(value.encode("latin-1"), expected) for value in given if value
        )


async def read_object(request: Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object. Raises PAYLOAD_TOO_LARGE, INVALID_INPUT (`Invalid JSON`)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise DreamCoreError(ErrorCode.PAYLOAD_TOO_LARGE)
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise invalid("Invalid JSON") from None


def invalid(detail: str) -> DreamCoreError:
    """A refusal of the request for its form; `detail` becomes the `error` text."""
    return DreamCoreError(ErrorCode.INVALID_INPUT, detail)


def required_uuid(value: object, name: str) -> str:
    """`value` in lower case. Raises INVALID_INPUT with the texts of `legacy-modal.md` §1.1."""
    if value is None or value == "":
        raise invalid(f"{name} is required")
    return parse_uuid(value, name)


def required_commit(value: object) -> str:
    """A git hash. Raises INVALID_INPUT with the texts of `contract/legacy-modal.md` §1.4."""
    if value is None or value == "":
        raise invalid("commit is required")
    if not is_git_hash(value):
        raise invalid("Invalid commit hash")
    return str(value)


def required_message(value: object) -> str:
    """The user's words. Raises INVALID_INPUT, and INVALID_MESSAGE when there are too many."""
    if not value:
        raise invalid("message is required")
    if not isinstance(value, str) or not value.strip():
        raise invalid("message must be a non-empty string")
    if len(value) > MAX_MESSAGE_CHARACTERS:
        raise DreamCoreError(ErrorCode.INVALID_MESSAGE)
    return value


def typed(value: object, kind: type[Value], name: str) -> Value:
    """A field as what it should be. Raises INVALID_INPUT naming it."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise invalid(f"{name} is not valid") from None


def last_event_id(request: Request) -> int:
    """The journal position after which the client wants to read; 0 without the header."""
    value = request.headers.get("last-event-id", "")
    if not value:
        return 0
    if _POSITION.fullmatch(value) is None:
        raise invalid("Invalid Last-Event-ID")
    return int(value)
