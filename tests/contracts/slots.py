"""What every admission does: the suite behind `schema.ports.Slots`.

A test module subclasses it and gives it an `open_slots` fixture: limits in, slots out.
"""

from collections.abc import Callable

import anyio
import pytest

from schema.errors import DreamCoreError, ErrorCode, UserLimitReached
from schema.identifiers import random_uuid
from schema.ports import Slots

OpenSlots = Callable[[int, int], Slots]


class SlotsContract:
    """Limits per user and in all; slots that belong to generations."""

    async def test_the_user_limit_names_the_holder(self, open_slots: OpenSlots) -> None:
        slots, user, holder = open_slots(1, 50), random_uuid(), random_uuid()
        await slots.acquire(user, holder)
        with pytest.raises(UserLimitReached) as refusal:
            await slots.acquire(user.upper(), random_uuid())
        assert refusal.value.generation_id == holder
        assert refusal.value.code is ErrorCode.USER_LIMIT_REACHED

    async def test_other_users_are_not_limited(self, open_slots: OpenSlots) -> None:
        slots = open_slots(1, 50)
        for _ in range(50):
            await slots.acquire(random_uuid(), random_uuid())
        with pytest.raises(DreamCoreError) as refusal:
            await slots.acquire(random_uuid(), random_uuid())
        assert refusal.value.code is ErrorCode.SYSTEM_LIMIT_REACHED

    async def test_a_user_at_the_limit_of_a_full_system_learns_of_the_own_one(
        self, open_slots: OpenSlots
    ) -> None:
        slots, user = open_slots(1, 1), random_uuid()
        await slots.acquire(user, random_uuid())
        with pytest.raises(UserLimitReached):
            await slots.acquire(user, random_uuid())

    async def test_acquiring_twice_is_acquiring_once(self, open_slots: OpenSlots) -> None:
        slots, user, generation = open_slots(1, 2), random_uuid(), random_uuid()
        for again in (generation, generation.upper(), generation):
            await slots.acquire(user, again)
        await slots.acquire(random_uuid(), random_uuid())
        await slots.acquire(user, generation)
        await slots.release(generation)
        await slots.acquire(user, random_uuid())

    async def test_releasing_twice_releases_once(self, open_slots: OpenSlots) -> None:
        slots, generation = open_slots(1, 2), random_uuid()
        await slots.acquire(random_uuid(), generation)
        await slots.acquire(random_uuid(), random_uuid())
        await slots.release(generation.upper())
        await slots.release(generation)
        await slots.release(random_uuid())
        await slots.acquire(random_uuid(), random_uuid())
        with pytest.raises(DreamCoreError) as refusal:
            await slots.acquire(random_uuid(), random_uuid())
        assert refusal.value.code is ErrorCode.SYSTEM_LIMIT_REACHED

    async def test_a_refusal_takes_nothing(self, open_slots: OpenSlots) -> None:
        slots, user, holder, refused = open_slots(1, 1), random_uuid(), random_uuid(), random_uuid()
        await slots.acquire(user, holder)
        with pytest.raises(UserLimitReached):
            await slots.acquire(user, refused)
        await slots.release(refused)
        with pytest.raises(UserLimitReached):
            await slots.acquire(user, refused)
        await slots.release(holder)
        await slots.acquire(user, refused)

    async def test_recovery_exceeds_the_limits_and_counts(self, open_slots: OpenSlots) -> None:
        slots, user, oldest = open_slots(1, 1), random_uuid(), random_uuid()
        recovered = [oldest, random_uuid(), random_uuid()]
        for generation in recovered:
            await slots.acquire(user, generation, force=True)
        with pytest.raises(UserLimitReached) as refusal:
            await slots.acquire(user, random_uuid())
        assert refusal.value.generation_id in recovered
        with pytest.raises(DreamCoreError) as full:
            await slots.acquire(random_uuid(), random_uuid())
        assert full.value.code is ErrorCode.SYSTEM_LIMIT_REACHED
        for generation in recovered:
            await slots.release(generation)
        await slots.acquire(user, random_uuid())

    async def test_of_many_at_once_as_many_as_there_are_slots_get_one(
        self, open_slots: OpenSlots
    ) -> None:
        slots, admitted = open_slots(1, 5), []

        async def start(user: str) -> None:
            try:
                await slots.acquire(user, random_uuid())
            except DreamCoreError:
                return
            admitted.append(user)

        async with anyio.create_task_group() as tasks:
            for user in [random_uuid() for _ in range(20)]:
                tasks.start_soon(start, user)
                tasks.start_soon(start, user)
        assert len(admitted) == len(set(admitted)) == 5
