"""Every admission, against the one contract."""

from collections.abc import Callable

import pytest

from adapters.stores.embedded.slots import EmbeddedSlots
from schema.ports import Slots

pytest.register_assert_rewrite("tests.contracts.slots")

from tests.contracts.slots import OpenSlots, SlotsContract  # noqa: E402

IMPLEMENTATIONS: dict[str, Callable[[int, int], Slots]] = {"embedded": EmbeddedSlots}


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
def open_slots(request: pytest.FixtureRequest) -> OpenSlots:
    opener: OpenSlots = request.param
    return opener


class TestSlots(SlotsContract):
    """Limits, idempotence, recovery."""


async def test_one_generation_a_user_and_fifty_in_all_are_the_defaults() -> None:
    await SlotsContract().test_the_user_limit_names_the_holder(lambda *_: EmbeddedSlots())
    await SlotsContract().test_other_users_are_not_limited(lambda *_: EmbeddedSlots())
