"""Why a legacy socket is closed (`contract/legacy-ws.md` §1, §8.1; RFC 6455)."""

from enum import Enum


class Close(Enum):
    """Close code and reason."""

    AUTHENTICATION_REQUIRED = (4001, "Authentication required")
    AUTHENTICATION_FAILED = (4001, "Authentication failed")
    AUTHENTICATION_TIMEOUT = (4008, "Authentication timeout")
    # Browsers reconnect after any code, and find their job again as `activeJob`.
    SERVICE_RESTART = (1012, "Service restart")
    INTERNAL_ERROR = (1011, "Internal error")

    @property
    def code(self) -> int:
        """The close code."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """The text a developer reads."""
        return self.value[1]
