"""Why a WebSocket is closed: codes of graphql-transport-ws, and 1012 of RFC 6455."""

from enum import Enum


class Close(Enum):
    """Close code and reason. A reason has at most 123 bytes."""

    INVALID_MESSAGE = (4400, "Invalid message")
    UNAUTHORIZED = (4401, "Unauthorized")
    FORBIDDEN = (4403, "Forbidden")
    SUBPROTOCOL = (4406, "Subprotocol not acceptable")
    INIT_TIMEOUT = (4408, "Connection initialisation timeout")
    DUPLICATE_ID = (4409, "Subscriber already exists")
    SECOND_INIT = (4429, "Too many initialisation requests")
    TOO_MANY_MESSAGES = (4429, "Too many messages")
    TOO_MANY_CONNECTIONS = (4429, "Too many connections")
    INTERNAL_ERROR = (4500, "Internal server error")
    # Clients that know the protocol reconnect and resume after this one.
    SERVICE_RESTART = (1012, "Service restart")

    @property
    def code(self) -> int:
        """The close code."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """The text a developer reads."""
        return self.value[1]
