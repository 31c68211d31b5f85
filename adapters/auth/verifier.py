"""Who a bearer token speaks for."""

import logging
from typing import Any, Final, NoReturn

import jwt
from jwt import PyJWK

from adapters.auth.issuer import AUDIENCE
from adapters.auth.key_set import ALGORITHMS
from adapters.auth.keys import Keys
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import is_uuid
from schema.models import Viewer

_MAX_TOKEN: Final = 8 * 1024
_REQUIRED_CLAIMS: Final = ["exp", "sub", "aud", "iss"]
_SHARED_SECRET_ALGORITHM: Final = "HS256"
MIN_SECRET_BYTES: Final = 32
# PyJWT lets some of what a hostile token does to `json` and `int` through as it is.
_REFUSALS: Final = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)

logger = logging.getLogger(__name__)


class TokenVerifier:
    """`schema.ports.Identity` over signed tokens; nothing leaves the process for each check.

    A token must carry the signature of one of `keys` (or, for projects still on the shared
    secret, HS256 with `hs256_secret`), the exact `issuer`, the `audience`, a time of expiry and
    a UUID as subject. Times hold to the second (`contract/legacy-http.md` §3). Which of these
    failed is never told. A short secret is a ValueError.
    """

    def __init__(
        self,
        keys: Keys,
        issuer: str,
        audience: str = AUDIENCE,
        hs256_secret: str | None = None,
    ) -> None:
        if hs256_secret is not None and len(hs256_secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"the shared secret needs {MIN_SECRET_BYTES} bytes at least")
        self._keys: Final = keys
        self._issuer: Final = issuer
        self._audience: Final = audience
        self._hs256_secret: Final = hs256_secret
        self._jwt: Final = jwt.PyJWT(options={"enforce_minimum_key_length": True})

    async def authenticate(self, token: str | None) -> Viewer:
        """See `schema.ports.Identity`."""
        if not token or len(token) > _MAX_TOKEN:
            _refuse("missing or oversize")
        try:
            header = jwt.get_unverified_header(token)
            claims = self._claims(token, await self._key(header))
        except _REFUSALS as error:
            _refuse(type(error).__name__)
        subject, email = claims["sub"], claims.get("email")
        if not is_uuid(subject):
            _refuse("subject")
        return Viewer(subject.lower(), email if isinstance(email, str) and email else None)

    async def _key(self, header: dict[str, Any]) -> PyJWK | str:
        """The key to check with: the type decides the algorithm, the token only picks a type."""
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm == _SHARED_SECRET_ALGORITHM and self._hs256_secret is not None:
            return self._hs256_secret
        # Asked before the keys are, so that a token nobody could accept costs no fetch.
        if algorithm not in ALGORITHMS or not isinstance(kid, str):
            raise jwt.InvalidAlgorithmError
        key = await self._keys.key(kid)
        if key is None:
            raise jwt.InvalidKeyError
        return key

    def _claims(self, token: str, key: PyJWK | str) -> dict[str, Any]:
        algorithm = _SHARED_SECRET_ALGORITHM if isinstance(key, str) else key.algorithm_name
        return self._jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=self._audience,
            issuer=self._issuer,
            # When it was issued says nothing about who may use it, and clocks differ.
            options={"require": _REQUIRED_CLAIMS, "verify_iat": False},
        )


def _refuse(reason: str) -> NoReturn:
    """For operators the kind of failure, for everybody else one answer."""
    logger.debug("token refused", extra={"reason": reason})
    raise DreamCoreError(ErrorCode.UNAUTHENTICATED) from None
