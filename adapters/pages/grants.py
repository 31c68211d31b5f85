"""The right to read one version of one game, as a part of its address.

A game's page has no origin, so its requests carry neither cookie nor referrer nor token; only a
relative address reaches them. What it grants is what the page that holds it can see anyway.
"""

import hmac
import re
import time
from collections.abc import Callable
from typing import Final

_HOUR: Final = 3_600
# A game may load its last level after hours of play. Rounded up to an hour, so that the same
# version keeps its addresses, and a browser its cache.
_LIFETIME_HOURS: Final = 6
_NO_VERSION: Final = "0" * 40
_GRANT: Final = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{40})-([0-9a-f]{64})")


class InvalidGrant(Exception):
    """Forged, expired, or for another game."""


class Grants:
    """Signs and checks. `key` must be secret and equal wherever the same addresses are served."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key: Final = key
        self._now: Final = now

    def issue(self, user_id: str, project_id: str, version: str | None) -> str:
        """For a version, or for a project that has none yet. Safe in a path."""
        hours = int(self._now()) // _HOUR + 1 + _LIFETIME_HOURS
        expires, commit = f"{hours * _HOUR:x}", version or _NO_VERSION
        return f"{expires}-{commit}-{self._sign(expires, commit, user_id, project_id)}"

    def version(self, grant: str, user_id: str, project_id: str) -> str | None:
        """The version that may be read. Raises `InvalidGrant`."""
        parts = _GRANT.fullmatch(grant)
        if parts is None:
            raise InvalidGrant
        expires, commit, signature = parts.groups()
        signed = self._sign(expires, commit, user_id, project_id)
        if not hmac.compare_digest(signature, signed) or int(expires, 16) <= self._now():
            raise InvalidGrant
        return None if commit == _NO_VERSION else commit

    def _sign(self, *parts: str) -> str:
        return hmac.digest(self._key, "\n".join(parts).encode(), "sha256").hex()
