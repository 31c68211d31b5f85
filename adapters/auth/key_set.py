"""The JSON Web Key Set (RFC 7517): which of its keys may verify a token."""

from typing import Final, TypeGuard

from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK, PyJWTError

ALGORITHMS: Final = ("ES256", "RS256", "EdDSA")

_KEY_TYPES: Final = ("EC", "RSA", "OKP")
_PUBLIC_MEMBERS: Final = ("kid", "kty", "alg", "crv", "x", "y", "n", "e")
_MAX_KEYS: Final = 32
_UNUSABLE: Final = (PyJWTError, UnsupportedAlgorithm, ValueError)


def usable_keys(key_set: object) -> dict[str, PyJWK]:
    """The keys of a JWKS that may verify a token, by name. ValueError when it is no JWKS.

    Left out are keys without a name, for another use or algorithm (a symmetric key in a public
    document would let every reader sign), and whatever cannot be parsed.
    """
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a key set")
    keys: dict[str, PyJWK] = {}
    for entry in entries[:_MAX_KEYS]:
        if not _verifies(entry):
            continue
        public = {name: entry[name] for name in _PUBLIC_MEMBERS if isinstance(entry.get(name), str)}
        try:
            key = PyJWK(public)
        except _UNUSABLE:
            continue
        if isinstance(key.key_id, str) and key.algorithm_name in ALGORITHMS:
            keys[key.key_id] = key
    return keys


def _verifies(entry: object) -> TypeGuard[dict[str, object]]:
    return (
        isinstance(entry, dict)
        and entry.get("kty") in _KEY_TYPES
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", ALGORITHMS[0]) in ALGORITHMS
    )
