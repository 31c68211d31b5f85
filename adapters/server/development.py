"""The fixed user of the embedded issuer, for everything that runs on one machine."""

from datetime import timedelta
from typing import Final

from adapters.auth.issuer import EmbeddedIssuer

DEVELOPMENT_USER: Final = "00000000-0000-4000-8000-000000000001"
DEVELOPMENT_EMAIL: Final = "developer@localhost"
TOKEN_LIFETIME: Final = timedelta(hours=12)


def development_token(issuer: EmbeddedIssuer | None) -> str | None:
    """A fresh token of that user, None where Supabase issues the tokens."""
    if issuer is None:
        return None
    return issuer.issue(DEVELOPMENT_USER, DEVELOPMENT_EMAIL, TOKEN_LIFETIME)
