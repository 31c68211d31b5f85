"""What every identity does: the suite behind `schema.ports.Identity`.

A test module subclasses it and gives it an `identity` fixture: the port, and an issuer of tokens
that it trusts.
"""

from dataclasses import dataclass
from typing import Protocol

import anyio
import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.models import Viewer
from schema.ports import Identity


class Issue(Protocol):
    """Signs a token that ends so many seconds from now, which may be in the past."""

    def __call__(self, user_id: str, email: str | None, seconds: int) -> str: ...


@dataclass(frozen=True, slots=True)
class TrustedIdentity:
    """An identity and an issuer that it trusts."""

    port: Identity
    issue: Issue


class IdentityContract:
    """Who a token speaks for, and the one answer to all others."""

    async def test_a_token_names_its_user(self, identity: TrustedIdentity) -> None:
        user_id = random_uuid()
        token = identity.issue(user_id, "player@example.com", 60)
        assert await identity.port.authenticate(token) == Viewer(user_id, "player@example.com")

    async def test_an_email_is_optional(self, identity: TrustedIdentity) -> None:
        user_id = random_uuid()
        token = identity.issue(user_id, None, 60)
        assert await identity.port.authenticate(token) == Viewer(user_id)

    async def test_a_user_id_is_lower_case(self, identity: TrustedIdentity) -> None:
        user_id = random_uuid()
        token = identity.issue(user_id.upper(), None, 60)
        assert (await identity.port.authenticate(token)).user_id == user_id

    @pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "cut", "foreign payload"])
    async def test_what_is_no_token_is_refused(
        self, identity: TrustedIdentity, damage: str
    ) -> None:
        token = identity.issue(random_uuid(), None, 60)
        header, _, signature = token.split(".")
        payload = identity.issue(random_uuid(), None, 60).split(".")[1]
        damaged = {
            "missing": None,
            "empty": "",
            "garbage": "garbage",
            "cut": token[:-8],
            "foreign payload": f"{header}.{payload}.{signature}",
        }
        await assert_refused(identity, damaged[damage])

    async def test_an_expired_token_is_refused(self, identity: TrustedIdentity) -> None:
        await assert_refused(identity, identity.issue(random_uuid(), None, -60))

    async def test_many_at_once_get_each_their_own(self, identity: TrustedIdentity) -> None:
        users = [random_uuid() for _ in range(30)]
        named: dict[str, str] = {}

        async def authenticate(user_id: str) -> None:
            viewer = await identity.port.authenticate(identity.issue(user_id, None, 60))
            named[user_id] = viewer.user_id

        async with anyio.create_task_group() as tasks:
            for user_id in users:
                tasks.start_soon(authenticate, user_id)
        assert named == {user_id: user_id for user_id in users}


async def assert_refused(identity: TrustedIdentity, token: str | None) -> None:
    """The answer says that the token is refused, and nothing else."""
    with pytest.raises(DreamCoreError) as refusal:
        await identity.port.authenticate(token)
    assert (refusal.value.code, refusal.value.detail) == (ErrorCode.UNAUTHENTICATED, None)
