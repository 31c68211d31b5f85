"""Access tokens of our own, for the playground, the command line and tests.

They have the shape of Supabase's (`contract/legacy-http.md` §3), so one verifier reads both.
"""

import base64
import hashlib
import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from schema.identifiers import parse_uuid

ISSUER: Final = "urn:dreamcore:embedded"
AUDIENCE: Final = "authenticated"

_ALGORITHM: Final = "ES256"
_KEY_FILE: Final = "signing-key.pem"


class SigningKeyInvalid(Exception):
    """The key file holds something else than a private P-256 key."""

    def __init__(self) -> None:
        super().__init__(
            f"{_KEY_FILE} is not an unencrypted P-256 private key. "
            "Delete it to get a fresh one; tokens issued so far then end."
        )


class EmbeddedIssuer:
    """Signs tokens with a key that never leaves its directory, and publishes the public half.

    `clock` gives the present in seconds since 1970.
    """

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, clock: Callable[[], float] = time.time
    ) -> None:
        self._key: Final = key
        self._clock: Final = clock
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self.issuer: Final = ISSUER
        self.kid: Final = _thumbprint(public)
        self._jwk: Final = {**public, "kid": self.kid, "alg": _ALGORITHM, "use": "sig"}

    @classmethod
    def open(cls, directory: Path, clock: Callable[[], float] = time.time) -> Self:
        """The issuer whose key is in `directory`, both made on first use.

        Processes that start at once agree on one key. Raises `SigningKeyInvalid` and OSError.
        """
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / _KEY_FILE
        if not path.exists():
            _create(path)
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError):
            raise SigningKeyInvalid from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise SigningKeyInvalid
        return cls(key, clock)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The JSON Web Key Set (RFC 7517) to publish: the public key only."""
        return {"keys": [dict(self._jwk)]}

    def issue(self, user_id: str, email: str | None, lifetime: timedelta) -> str:
        """A token that speaks for `user_id` from now until `lifetime` has passed.

        Raises `DreamCoreError(INVALID_INPUT)` when `user_id` is not a UUID, ValueError for a
        lifetime under a second.
        """
        seconds = int(lifetime.total_seconds())
        if seconds < 1:
            raise ValueError("a token must live for a second at least")
        issued_at = int(self._clock())
        claims: dict[str, str | int] = {
            "iss": self.issuer,
            "sub": parse_uuid(user_id, "user"),
            "aud": AUDIENCE,
            "role": AUDIENCE,
            "iat": issued_at,
            "exp": issued_at + seconds,
        }
        if email is not None:
            claims["email"] = email
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM, headers={"kid": self.kid})


def _create(path: Path) -> None:
    """Write a fresh key to `path` whole and once: whoever comes second keeps the first one's."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(descriptor)
        # Unlike a rename, a link refuses to replace what is there.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _thumbprint(public: dict[str, str]) -> str:
    """The key's RFC 7638 thumbprint: the same key has the same name everywhere."""
    members = {name: public[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
