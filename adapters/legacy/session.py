"""Who speaks on a socket, and about which project."""

from dataclasses import dataclass, field
from typing import Final

import jwt

from schema.models import Viewer

_MAX_TOKEN: Final = 8 * 1024
# PyJWT lets some of what a hostile token does to `json` and `int` through as it is.
_UNREADABLE: Final = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)


@dataclass(slots=True, eq=False)
class Session:
    """Begins with a successful `init`.

    `expires_at` (seconds since 1970) is when its token ends. `stopping` names the jobs whose
    `cancelled` frame is the reply to a `cancel` of this socket.
    """

    viewer: Viewer
    expires_at: float | None
    project_id: str | None = None
    stopping: set[str] = field(default_factory=set)

    def expired(self, now: float) -> bool:
        """Whether the token has ended since."""
        return self.expires_at is not None and now >= self.expires_at


def expiry_of(token: str) -> float | None:
    """The token's `exp` claim, unverified: good for the wording of a refusal, and for tokens
    that were verified a moment ago."""
    if len(token) > _MAX_TOKEN:
        return None
    try:
        expiry = jwt.decode(token, options={"verify_signature": False}).get("exp")
        return float(expiry) if isinstance(expiry, int | float) else None
    except _UNREADABLE:
        return None
