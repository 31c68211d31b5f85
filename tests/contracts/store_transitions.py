"""What every store does with the states of a generation."""

from dataclasses import replace
from itertools import product

import anyio
import pytest

from schema.errors import ErrorCode
from schema.identifiers import random_uuid
from schema.models import (
    ACTIVE,
    TRANSITIONS,
    Dimension,
    Generation,
    GenerationStatus,
    Plan,
    Route,
    StyleChoice,
)
from schema.ports import Store
from tests.contracts.records import (
    a_generation,
    later,
    reread,
    stored_generation,
    stored_project,
)

ENDED = [status for status in GenerationStatus if status not in ACTIVE]


class TransitionsContract:
    """States, progress, and who wins a race."""

    @pytest.mark.parametrize(("present", "to"), list(product(GenerationStatus, GenerationStatus)))
    async def test_states_change_along_the_table_only(
        self, store: Store, present: GenerationStatus, to: GenerationStatus
    ) -> None:
        generation = await stored_generation(store, await stored_project(store), status=present)
        allowed = present in TRANSITIONS.get(to, ())
        assert await store.transition(generation.id.upper(), to) is allowed
        found = await reread(store, generation)
        assert found.status is (to if allowed else present)
        assert allowed or found == generation

    async def test_an_unknown_generation_does_not_change(self, store: Store) -> None:
        assert not await store.transition(random_uuid(), GenerationStatus.FAILED)

    async def test_an_outcome_is_kept(self, store: Store) -> None:
        project = await stored_project(store)
        failed, completed = [await stored_generation(store, project) for _ in range(2)]
        await store.record_progress(failed.id, 30, "生成中")
        await store.transition(
            failed.id,
            GenerationStatus.FAILED,
            error_code=ErrorCode.CLI_TIMEOUT,
            message="時間切れ",
        )
        await store.transition(completed.id, GenerationStatus.COMPLETED, version="0a1b2c3")
        found = await reread(store, failed)
        assert (found.error_code, found.progress) == (ErrorCode.CLI_TIMEOUT, 30)
        assert found.progress_message == "時間切れ"
        found = await reread(store, completed)
        assert (found.version, found.progress, found.error_code) == ("0a1b2c3", 100, None)

    async def test_a_change_is_dated(self, store: Store) -> None:
        generation = await stored_generation(store, await stored_project(store))
        await store.transition(generation.id, GenerationStatus.PROCESSING)
        started = await reread(store, generation)
        assert started.updated_at > generation.updated_at
        assert started.created_at == generation.created_at
        await store.record_progress(generation.id, 10, "生成中")
        assert (await reread(store, generation)).updated_at >= started.updated_at

    async def test_of_many_endings_one_wins(self, store: Store) -> None:
        generation = await stored_generation(store, await stored_project(store))
        won: list[GenerationStatus] = []

        async def end(to: GenerationStatus) -> None:
            if await store.transition(generation.id, to):
                won.append(to)

        async with anyio.create_task_group() as tasks:
            for to in ENDED * 10:
                tasks.start_soon(end, to)
        assert won == [(await reread(store, generation)).status]

    async def test_starts_that_race_under_one_key_are_one(self, store: Store) -> None:
        project = await stored_project(store)
        answers: list[Generation] = []

        async def start() -> None:
            new = a_generation(project, idempotency_key="key")
            answers.append(await store.create_generation(new))

        async with anyio.create_task_group() as tasks:
            for _ in range(30):
                tasks.start_soon(start)
        assert len(answers) == 30
        assert len({answer.id for answer in answers}) == 1
        assert len((await store.generations(project.id, first=99, after=None)).items) == 1

    async def test_progress_never_falls_and_its_text_is_the_latest(self, store: Store) -> None:
        generation = await stored_generation(store, await stored_project(store))
        for percent, expected in [(10, 10), (40, 40), (20, 40), (-5, 40), (900, 100)]:
            await store.record_progress(generation.id.upper(), percent, f"at {percent}")
            found = await reread(store, generation)
            assert (found.progress, found.progress_message) == (expected, f"at {percent}")

    @pytest.mark.parametrize("ended", ENDED)
    async def test_progress_after_the_end_is_ignored(
        self, store: Store, ended: GenerationStatus
    ) -> None:
        generation = await stored_generation(store, await stored_project(store))
        await store.transition(generation.id, ended)
        found = await reread(store, generation)
        await store.record_progress(generation.id, 50, "late")
        assert await reread(store, generation) == found

    async def test_the_plan_of_an_active_generation_is_replaced(self, store: Store) -> None:
        project = await stored_project(store)
        generation, other = [await stored_generation(store, project) for _ in range(2)]
        plan = Plan(Route.CHAT, "答える", StyleChoice(Dimension.TWO, "neon"), detects_skills=False)
        await store.record_plan(generation.id.upper(), plan)
        found = await reread(store, generation)
        assert replace(found, updated_at=generation.updated_at) == replace(generation, plan=plan)
        assert found.updated_at > generation.updated_at
        assert await reread(store, other) == other
        await store.record_plan(random_uuid(), plan)

    @pytest.mark.parametrize("ended", ENDED)
    async def test_the_plan_of_an_ended_generation_stays(
        self, store: Store, ended: GenerationStatus
    ) -> None:
        generation = await stored_generation(store, await stored_project(store))
        await store.transition(generation.id, ended)
        found = await reread(store, generation)
        await store.record_plan(generation.id, Plan(Route.CHAT, "late"))
        assert await reread(store, generation) == found

    async def test_a_project_names_its_newest_unfinished_generation(self, store: Store) -> None:
        project = await stored_project(store)
        old, new, newest = [
            await stored_generation(store, project, created_at=later(age)) for age in range(3)
        ]
        await store.transition(newest.id, GenerationStatus.CANCELLED)
        assert await store.active_generation(project.id.upper()) == new
        await store.transition(new.id, GenerationStatus.COMPLETED)
        await store.transition(old.id, GenerationStatus.PROCESSING)
        active = await store.active_generation(project.id)
        assert active is not None
        assert (active.id, active.status) == (old.id, GenerationStatus.PROCESSING)

    async def test_the_unfinished_are_listed_oldest_first(self, store: Store) -> None:
        made = []
        for age in (2, 0, 1, 3):
            project = await stored_project(store)
            made.append(await stored_generation(store, project, created_at=later(age)))
        await store.transition(made[2].id, GenerationStatus.FAILED, error_code=ErrorCode.INTERNAL)
        await store.transition(made[3].id, GenerationStatus.PROCESSING)
        ours = {generation.id for generation in made}
        listed = [g.id for g in await store.unfinished() if g.id in ours]
        assert listed == [made[1].id, made[0].id, made[3].id]
