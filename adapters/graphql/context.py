"""What the endpoint knows about the caller, and what it wants back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from schema.models import Viewer


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """Who asks, for one operation.

    `token` is the bearer token (None: none was sent). `last_event_id` is the header with which an
    event stream is resumed; it takes precedence over an `after` argument.
    """

    token: str | None
    last_event_id: str | None = None


class OperationContext(Protocol):
    """The part of `info.context` that the endpoint reads.

    A context belongs to one operation. A subscription sets `delivered_cursor` right before it
    yields; the event stream sends it as the `id:` of that event.
    """

    @property
    def viewer(self) -> Viewer | None:
        """Whose request it is; None when anonymous requests are allowed and this is one."""
        ...

    @property
    def delivered_cursor(self) -> str | None:
        """Where a client that saw the last yielded event resumes."""
        ...


# Called once per operation, and once more when a WebSocket introduces itself, so a token that
# has expired since is noticed. Raises `DreamCoreError(UNAUTHENTICATED)`.
ContextFactory = Callable[[ContextRequest], Awaitable[OperationContext]]


def bearer_token(value: str | None) -> str | None:
    """The token of an `Authorization` value, None when it is absent or of another scheme."""
    scheme, _, token = (value or "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def token_of(payload: dict[str, Any]) -> str | None:
    """The token of a `connection_init`: `token`, or `Authorization` as HTTP has it."""
    for name in ("Authorization", "authorization"):
        value = payload.get(name)
        if isinstance(value, str):
            return bearer_token(value)
    token = payload.get("token")
    return bearer_token(f"Bearer {token}") if isinstance(token, str) else None
