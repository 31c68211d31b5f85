"""The embedded issuer: its key on disk, and the tokens it signs."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.auth.issuer import EmbeddedIssuer, SigningKeyInvalid
from adapters.auth.keys import LocalKeys
from adapters.auth.verifier import TokenVerifier
from schema.errors import DreamCoreError, ErrorCode
from schema.models import Viewer
from tests.adapters.auth.provider import USER

HOUR = timedelta(hours=1)
KEY = "signing-key.pem"


def verifier(issuer: EmbeddedIssuer) -> TokenVerifier:
    return TokenVerifier(LocalKeys(issuer), issuer.issuer)


async def test_an_issued_token_names_its_user(tmp_path: Path) -> None:
    issuer = EmbeddedIssuer.open(tmp_path)
    token = issuer.issue(USER.upper(), "player@example.com", HOUR)
    viewer = await verifier(issuer).authenticate(token)
    assert viewer == Viewer(USER, "player@example.com")


async def test_an_email_is_optional(tmp_path: Path) -> None:
    issuer = EmbeddedIssuer.open(tmp_path)
    assert await verifier(issuer).authenticate(issuer.issue(USER, None, HOUR)) == Viewer(USER)


def test_a_token_has_the_claims_of_supabase(tmp_path: Path) -> None:
    issuer = EmbeddedIssuer.open(tmp_path)
    token = issuer.issue(USER, "player@example.com", HOUR)
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "typ": "JWT", "kid": issuer.kid}
    payload = jwt.decode(token, options={"verify_signature": False})
    assert payload.pop("exp") - payload.pop("iat") == 3600
    assert payload == {
        "iss": issuer.issuer,
        "sub": USER,
        "aud": "authenticated",
        "role": "authenticated",
        "email": "player@example.com",
    }


async def test_tokens_outlive_a_restart(tmp_path: Path) -> None:
    token = EmbeddedIssuer.open(tmp_path / "new" / "folder").issue(USER, None, HOUR)
    reopened = EmbeddedIssuer.open(tmp_path / "new" / "folder")
    assert (await verifier(reopened).authenticate(token)).user_id == USER


async def test_another_installation_refuses_the_token(tmp_path: Path) -> None:
    token = EmbeddedIssuer.open(tmp_path / "one").issue(USER, None, HOUR)
    with pytest.raises(DreamCoreError):
        await verifier(EmbeddedIssuer.open(tmp_path / "two")).authenticate(token)


def test_only_the_owner_can_read_the_key_and_nothing_else_is_left(tmp_path: Path) -> None:
    EmbeddedIssuer.open(tmp_path)
    (key,) = tmp_path.iterdir()
    assert key.name == KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_openers_that_race_agree_on_one_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def race(_: int) -> str:
        together.wait()
        return EmbeddedIssuer.open(tmp_path).kid

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(race, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY]


def test_the_published_key_is_the_public_half(tmp_path: Path) -> None:
    issuer = EmbeddedIssuer.open(tmp_path)
    (key,) = issuer.jwks()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert key["kid"] == issuer.kid


OTHER_CURVE = ec.generate_private_key(ec.SECP384R1()).private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", OTHER_CURVE], ids=["empty", "text", "curve"]
)
def test_a_damaged_key_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY).write_bytes(content)
    with pytest.raises(SigningKeyInvalid, match="Delete it"):
        EmbeddedIssuer.open(tmp_path)
    assert (tmp_path / KEY).read_bytes() == content


def test_a_token_for_nobody_or_no_time_is_not_issued(tmp_path: Path) -> None:
    issuer = EmbeddedIssuer.open(tmp_path)
    with pytest.raises(DreamCoreError) as refusal:
        issuer.issue("somebody", None, HOUR)
    assert refusal.value.code is ErrorCode.INVALID_INPUT
    with pytest.raises(ValueError, match="second"):
        issuer.issue(USER, None, timedelta(0))
