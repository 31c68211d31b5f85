"""A gateway that stops in the middle of a run, and the one that starts after it."""

from schema.errors import ErrorCode
from schema.events import (
    Accepted,
    CodeProposed,
    Completed,
    Event,
    Failed,
    Mode,
    Output,
    OutputRetracted,
    ProjectRenamed,
    Started,
    is_terminal,
)
from schema.execution import Done, Status, Stream
from schema.models import GenerationStatus, SourceEdit, StartGeneration, VersionNote
from tests.resolvers.conftest import ALICE, Stage


async def test_a_restarted_gateway_goes_on_where_the_log_stopped(stage: Stage) -> None:
    async with stage.gateway() as first:
        generation = await first.start()
        stage.execution.say(generation.id, Stream("one", 1), Stream("two", 1))
        await first.events(generation, count=4)
    stage.execution.say(
        generation.id, Stream("three", 2), Status(retract=1), Stream("four", 3), Done()
    )
    async with stage.gateway() as second:
        recorded = await second.events(generation)
    assert [entry.event for entry in recorded] == [
        Accepted(),
        Started(),
        Output("one", 1),
        Output("two", 1),
        Output("three", 2),
        OutputRetracted(3),
        Output("four", 3),
        Completed(Mode.CHAT),
    ]
    assert stage.execution.positions == [None, "2"]


async def test_a_run_that_was_lost_meanwhile_is_said_to_be_interrupted(stage: Stage) -> None:
    async with stage.gateway() as first:
        generation = await first.start()
        stage.execution.say(generation.id, Stream("one", 1))
        await first.events(generation, count=3)
    stage.execution.forget(generation.id)
    async with stage.gateway() as second:
        last = (await second.events(generation))[-1].event
        assert isinstance(last, Failed)
        assert last.code is ErrorCode.INTERRUPTED
        project = await second.projects.get(ALICE, generation.project_id)
        again = StartGeneration(project.id, "again")
        assert not (await second.generations.start(ALICE, again)).joined_existing


async def test_a_crash_between_the_end_and_the_row_is_repaired(stage: Stage) -> None:
    async with stage.gateway() as first:
        generation = await first.start()
        await first.events(generation, count=2)
    lease = await stage.log.acquire(generation.id)
    await stage.log.append(
        generation.id,
        [Completed(Mode.CHAT)],
        after_seq=lease.last_seq,
        epoch=lease.epoch,
        source_id=None,
    )
    async with stage.gateway() as second:
        ended = await second.generations.cancel(ALICE, generation.id)
        assert ended.status is GenerationStatus.COMPLETED


async def test_what_a_run_told_of_its_version_survives_a_crash_before_the_row(
    stage: Stage,
) -> None:
    stage.execution.skills = ("canvas-2d",)
    edits = (SourceEdit("index.html", "1", "2"),)
    async with stage.gateway() as first:
        generation = await first.start()
        await first.events(generation, count=3)
    lease = await stage.log.acquire(generation.id)
    ending: list[Event] = [
        CodeProposed(Mode.EDIT, edits=edits, summary="速くしました"),
        ProjectRenamed("速いゲーム"),
        Completed(Mode.EDIT, "速くしました", "a" * 40),
    ]
    await stage.log.append(
        generation.id, ending, after_seq=lease.last_seq, epoch=lease.epoch, source_id=None
    )
    async with stage.gateway() as second:
        await second.generations.cancel(ALICE, generation.id)
        project = await second.projects.get(ALICE, generation.project_id)
        context = await second.projects.version_context(project)
        assert context is not None
        assert (context.prompt, context.skills) == ("a game", ("canvas-2d",))
        assert context.note == VersionNote("速くしました", edits)


async def test_the_skills_of_a_run_are_chosen_once(stage: Stage) -> None:
    stage.execution.skills = ("canvas-2d",)
    async with stage.gateway() as first:
        generation = await first.start()
        await stage.execution.started.wait()
    stage.execution.skills = ("p5js-setup",)
    async with stage.gateway() as second:
        stage.execution.say(generation.id, Done())
        await second.events(generation)
    assert [request.skills for request in stage.execution.requests] == [("canvas-2d",)] * 2


async def test_a_gateway_that_was_replaced_stops_writing(stage: Stage) -> None:
    async with stage.gateway() as old, stage.gateway() as new:
        generation = await old.start()
        stage.execution.say(generation.id, Stream("one", 1))
        await old.events(generation, count=3)
        await new.engine.recover()
        await stage.execution.attached.wait()
        stage.execution.say(generation.id, Stream("two", 1), Done())
        recorded = await new.events(generation)
        await old.engine.cancel(generation.id)
    assert [entry.event for entry in recorded[2:]] == [
        Output("one", 1),
        Output("two", 1),
        Completed(Mode.CHAT),
    ]
    assert sum(is_terminal(entry.event) for entry in recorded) == 1
