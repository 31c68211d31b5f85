"""The two places of an access token. Source: `contract/legacy-http.md` §0.3, §1.0 (AUTH), §3."""

from dataclasses import dataclass

from starlette.requests import Request

from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer
from schema.ports import Identity

_BEARER = "Bearer "
_PARAMETER = "access_token"


class Refused(Exception):
    """An answer that ends the request: JSON `{"error": text}`, or the bare text."""

    def __init__(self, status: int, text: str, *, bare: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.bare = bare


@dataclass(frozen=True, slots=True)
class Presented:
    """A token, and whether it stood in the address."""

    token: str
    in_address: bool


def presented(request: Request) -> Presented:
    """The header wins. Raises `Refused` when there is no token, or several in the address."""
    header = request.headers.get("authorization", "")
    if header.startswith(_BEARER):
        tokens, in_address = [header.removeprefix(_BEARER)], False
    else:
        tokens, in_address = request.query_params.getlist(_PARAMETER), True
    if len(tokens) > 1:
        raise Refused(401, "Invalid or expired token")
    if not tokens or not tokens[0]:
        raise Refused(401, "No access token provided")
    return Presented(tokens[0], in_address)


async def authenticated(identity: Identity, token: str) -> Viewer:
    """Who it speaks for. Raises `Refused` for a bad one."""
    try:
        return await identity.authenticate(token)
    except DreamCoreError as error:
        if error.code is not ErrorCode.UNAUTHENTICATED:
            raise
        raise Refused(401, "Invalid or expired token") from None
