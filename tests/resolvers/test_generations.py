"""The life of a generation: admission, one terminal event, cancel, idempotency, ownership."""

import asyncio

import pytest

from resolvers.following import FIRST_EVENT_SECONDS
from schema.cursor import encode_cursor
from schema.errors import DreamCoreError, ErrorCode, UserLimitReached
from schema.events import (
    Accepted,
    Cancelled,
    Completed,
    Failed,
    Mode,
    Output,
    OutputRetracted,
    Progress,
    Started,
    ToolUse,
    is_terminal,
)
from schema.execution import Done, Error, Status, Stream
from schema.identifiers import random_uuid
from schema.models import GenerationStatus, StartGeneration
from tests.resolvers.conftest import ALICE, BOB, Play, Stage
from tests.resolvers.scripted_execution import ScriptedExecution

HASH = "a" * 40
NOBODYS = "99999999-9999-4999-8999-999999999999"


async def test_a_run_becomes_numbered_events_with_one_end(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(
        generation.id,
        Status("Preparing", progress=5),
        Stream("Hello ", 1),
        Stream("world", 1),
        Status("Writing", progress=40, tool="Write", path="index.html"),
        Done("finished", version=HASH, created=True),
    )
    recorded = await play.events(generation)
    assert [entry.event for entry in recorded] == [
        Accepted(),
        Started(),
        Progress(5, "Preparing"),
        Output("Hello ", 1),
        Output("world", 1),
        ToolUse("Write", "index.html"),
        Progress(40, "Writing"),
        Completed(Mode.CREATE, "finished", HASH),
    ]
    assert [entry.seq for entry in recorded] == list(range(1, 9))


async def test_the_row_follows_the_log(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Done("finished", version=HASH))
    await play.events(generation)
    ended = await play.generations.cancel(ALICE, generation.id)
    assert (ended.status, ended.version) == (GenerationStatus.COMPLETED, HASH)
    assert play.stage.metrics.ended == [(GenerationStatus.COMPLETED, None)]


async def test_progress_never_falls_and_an_unchanged_percent_is_not_repeated(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(
        generation.id,
        Status("a", progress=50),
        Status("b", progress=20),
        Status("", progress=50),
        Done(),
    )
    events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [Progress(50, "a"), Progress(None, "b"), Completed(Mode.CHAT)]


async def test_a_retraction_names_the_first_withdrawn_number(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(
        generation.id,
        Stream("kept", 1),
        Stream("lost", 2),
        Stream(" too", 2),
        Status(retract=2),
        Stream("again", 3),
        Done(),
    )
    events = [entry.event for entry in await play.events(generation, after=3)]
    assert events == [
        Output("lost", 2),
        Output(" too", 2),
        OutputRetracted(4),
        Output("again", 3),
        Completed(Mode.CHAT),
    ]


async def test_a_stream_that_ends_without_a_terminal_event_is_a_failure(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Stream("half", 1))
    play.stage.execution.cut(generation.id)
    last = (await play.events(generation))[-1].event
    assert isinstance(last, Failed)
    assert last.code is ErrorCode.EXECUTION_UNAVAILABLE


@pytest.mark.parametrize(
    ("code", "expected"),
    [("RATE_LIMIT", ErrorCode.RATE_LIMIT), ("never heard of", ErrorCode.UNKNOWN_ERROR)],
)
async def test_an_upstream_error_keeps_its_code_and_gets_a_readable_text(
    play: Play, code: str, expected: ErrorCode
) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Error(code))
    last = (await play.events(generation))[-1].event
    assert isinstance(last, Failed)
    assert last.code is expected
    assert last.message


async def test_the_deadline_ends_a_silent_run(play: Play) -> None:
    async with play.stage.gateway(deadline=0.05) as impatient:
        generation = await impatient.start(viewer=BOB)
        last = (await impatient.events(generation))[-1].event
        assert isinstance(last, Failed)
        assert last.code is ErrorCode.CLI_TIMEOUT
        assert play.stage.execution.journals[generation.id].ended


async def test_cancel_returns_after_the_one_cancelled_event(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Stream("text", 1))
    await play.events(generation, count=3)
    ended = await play.generations.cancel(ALICE, generation.id)
    assert ended.status is GenerationStatus.CANCELLED
    recorded = await play.events(generation)
    assert [e.event for e in recorded if is_terminal(e.event)] == [Cancelled()]


class ForgetfulExecution(ScriptedExecution):
    """An older endpoint: a cancel that comes before the first event is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.cancels = 0

    async def cancel(self, run_id: str) -> None:
        self.cancels += 1
        if self.cancels == 1:
            self.say(run_id, Stream("text", 1))
        else:
            await super().cancel(run_id)


async def test_a_stop_before_the_first_event_does_not_wait_for_it(stage: Stage) -> None:
    stage.execution = execution = ForgetfulExecution()
    # It runs out while a stop still waits.
    async with stage.gateway(deadline=FIRST_EVENT_SECONDS - 0.5) as play:
        generation = await play.start()
        await execution.started.wait()
        ended = await play.generations.cancel(ALICE, generation.id)
    assert ended.status is GenerationStatus.CANCELLED
    assert execution.cancels == 2


async def test_cancelling_what_has_ended_changes_nothing(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Done())
    await play.events(generation)
    for _ in range(2):
        ended = await play.generations.cancel(ALICE, generation.id)
        assert ended.status is GenerationStatus.COMPLETED


async def test_whoever_sees_the_end_may_start_the_next_one(play: Play) -> None:
    for _ in range(20):
        generation = await play.start()
        play.stage.execution.say(generation.id, Done())
        await play.events(generation)


async def test_one_generation_runs_per_user(play: Play) -> None:
    running = await play.start()
    with pytest.raises(UserLimitReached) as refused:
        await play.start()
    assert refused.value.generation_id == running.id
    assert (await play.start(viewer=BOB)).user_id == BOB.user_id


async def test_fifty_generations_run_in_all(play: Play) -> None:
    for number in range(50):
        await play.start(viewer=type(ALICE)(random_uuid(), f"{number}@example.com"))
    with pytest.raises(DreamCoreError) as refused:
        await play.start()
    assert refused.value.code is ErrorCode.SYSTEM_LIMIT_REACHED


async def test_the_same_key_joins_the_run_that_it_started(play: Play) -> None:
    project = await play.project()
    command = StartGeneration(project.id, "a game", skip_style_selection=True, idempotency_key="k")
    outcomes = await asyncio.gather(*(play.generations.start(ALICE, command) for _ in range(5)))
    assert len({outcome.generation.id for outcome in outcomes}) == 1
    assert sorted(outcome.joined_existing for outcome in outcomes) == [False] + [True] * 4
    await play.stage.execution.started.wait()
    assert len(play.stage.execution.requests) == 1


async def test_a_key_that_meant_something_else_is_a_conflict(play: Play) -> None:
    project = await play.project()
    await play.generations.start(
        ALICE, StartGeneration(project.id, "a game", skip_style_selection=True, idempotency_key="k")
    )
    with pytest.raises(DreamCoreError) as refused:
        await play.generations.start(
            ALICE, StartGeneration(project.id, "another", idempotency_key="k")
        )
    assert refused.value.code is ErrorCode.IDEMPOTENCY_CONFLICT


@pytest.mark.parametrize("message", ["", "  \n", "x" * 100_001])
async def test_a_message_that_cannot_be_run_is_refused(play: Play, message: str) -> None:
    with pytest.raises(DreamCoreError) as refused:
        await play.start(message)
    assert refused.value.code is ErrorCode.INVALID_MESSAGE


async def test_another_users_generation_does_not_exist(play: Play) -> None:
    generation = await play.start()
    for attempt in (
        play.generations.get(BOB, generation.id),
        play.generations.cancel(BOB, generation.id),
        play.generations.watch(BOB, generation.id, after=None),
        play.generations.get(BOB, "../../etc"),
    ):
        with pytest.raises(DreamCoreError) as refused:
            await attempt
        assert refused.value.code is ErrorCode.GENERATION_NOT_FOUND
    with pytest.raises(DreamCoreError) as refused:
        await play.projects.get(BOB, generation.project_id)
    assert refused.value.code is ErrorCode.PROJECT_NOT_FOUND


@pytest.mark.parametrize("cursor", ["", "???", "AAAA", encode_cursor(NOBODYS, 3)])
async def test_a_cursor_of_nothing_or_of_another_run_is_refused(play: Play, cursor: str) -> None:
    generation = await play.start()
    with pytest.raises(DreamCoreError) as refused:
        await play.generations.watch(ALICE, generation.id, after=cursor)
    assert refused.value.code is ErrorCode.INVALID_CURSOR
