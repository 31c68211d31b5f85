"""Going back to a version, and deleting projects."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.execution import Done, Error, Stream
from schema.models import Generation, GenerationStatus, Project, StartGeneration
from tests.resolvers.conftest import ALICE, BOB, Play, Stage

FIRST, SECOND, RESTORED = "a" * 40, "b" * 40, "e" * 40


async def made(play: Play, stage: Stage, *versions: str) -> Project:
    """A project with these versions, whose pages say which they are."""
    project = await play.project()
    for version in versions:
        stage.execution.pages[project.id] = version.encode()
        generation = await begun(play, project)
        stage.execution.say(generation.id, Done("done", version=version))
        await play.events(generation)
        await play.engine.cancel(generation.id)  # waits until it is settled
    return project


async def begun(play: Play, project: Project) -> Generation:
    command = StartGeneration(project.id, "a game", skip_style_selection=True)
    return (await play.generations.start(ALICE, command)).generation


async def refusal_of(play: Play, project_id: str, version: str) -> ErrorCode:
    with pytest.raises(DreamCoreError) as refused:
        await play.projects.restore(ALICE, project_id, version)
    return refused.value.code


@pytest.mark.parametrize("version", [FIRST, FIRST[:7], FIRST.upper()])
async def test_a_restored_version_is_the_newest_and_served(
    play: Play, stage: Stage, version: str
) -> None:
    project = await made(play, stage, FIRST, SECOND)
    stage.execution.pages[project.id] = b"as before"
    record = await play.projects.restore(ALICE, project.id, version)
    assert record is not None
    assert record.hash == RESTORED
    assert stage.execution.restored == [FIRST]
    assert await play.projects.file(project, "index.html") == b"as before"
    listed = await play.projects.versions(project, first=5)
    assert [entry.hash for entry in listed] == [RESTORED, SECOND, FIRST]


async def test_the_next_generation_goes_on_from_what_was_restored(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST, SECOND)
    await play.projects.restore(ALICE, project.id, FIRST)
    generation = await begun(play, project)
    assert await stage.mirror.head(project.id) == RESTORED
    stage.execution.say(generation.id, Done("done"))
    await play.events(generation)
    assert await stage.mirror.head(project.id) == RESTORED


async def test_files_that_are_so_already_make_no_version(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST, SECOND)
    stage.execution.newest = SECOND
    assert await play.projects.restore(ALICE, project.id, SECOND) is None
    assert len(await play.projects.versions(project, first=5)) == 2


async def test_a_restore_whose_answer_was_lost_is_completed_by_the_next(
    play: Play, stage: Stage
) -> None:
    project = await made(play, stage, FIRST, SECOND)
    page = stage.execution.pages.pop(project.id)
    assert await refusal_of(play, project.id, FIRST) is ErrorCode.WORKSPACE_ERROR
    assert await stage.mirror.head(project.id) == SECOND
    stage.execution.pages[project.id] = page
    record = await play.projects.restore(ALICE, project.id, FIRST)
    assert record is not None
    assert await stage.mirror.head(project.id) == record.hash == RESTORED


async def test_only_versions_of_ones_own_project_can_be_restored(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST)
    for unknown in ("f" * 40, FIRST[:6], "HEAD", "--all", ""):
        assert await refusal_of(play, project.id, unknown) is ErrorCode.VERSION_NOT_FOUND
    other = await play.project()
    assert await refusal_of(play, other.id, FIRST) is ErrorCode.VERSION_NOT_FOUND
    foreign = await play.project(BOB)
    for project_id in (foreign.id, "x"):
        assert await refusal_of(play, project_id, FIRST) is ErrorCode.PROJECT_NOT_FOUND
    assert stage.execution.restored == []


async def test_nothing_is_restored_under_a_running_generation(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST, SECOND)
    generation = await begun(play, project)
    assert await refusal_of(play, project.id, FIRST) is ErrorCode.PROJECT_BUSY
    await play.generations.cancel(ALICE, generation.id)
    assert await play.projects.restore(ALICE, project.id, FIRST) is not None


async def test_whoever_saw_an_end_finds_the_project_free(
    play: Play, stage: Stage, tmp_path: Path
) -> None:
    project = await made(play, stage, FIRST, SECOND)
    generation = await begun(play, project)
    stage.execution.say(generation.id, Stream("words"))
    await play.events(generation, count=3)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # so that the row cannot follow the log
        stage.execution.say(generation.id, Error(code="SANDBOX_ERROR"))
        await play.events(generation)
        async with asyncio.TaskGroup() as group:
            restoring = group.create_task(play.projects.restore(ALICE, project.id, FIRST))
            reading = group.create_task(play.generations.get(ALICE, generation.id))
            early, _ = await asyncio.wait([restoring, reading], timeout=0.3)
            other.execute("ROLLBACK")
    assert not early
    assert restoring.result() is not None
    assert reading.result().status is GenerationStatus.FAILED


async def test_what_execution_refuses_is_said_and_changes_nothing(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST, SECOND)
    for code in (ErrorCode.PROJECT_BUSY, ErrorCode.EXECUTION_UNAVAILABLE):
        stage.execution.refusal = code
        assert await refusal_of(play, project.id, FIRST) is code
        assert await stage.mirror.head(project.id) == SECOND


async def test_a_diff_is_of_the_page_of_one_version(play: Play, stage: Stage) -> None:
    project = await made(play, stage, FIRST, SECOND)
    diff = await play.projects.version_diff(project, SECOND[:7].upper())
    assert diff == f"-{FIRST}\n+{SECOND}\n"
    assert await play.projects.version_diff(project, "0" * 40) is None


async def test_a_deleted_project_takes_its_generation_and_files_with_it(
    play: Play, stage: Stage
) -> None:
    project = await made(play, stage, FIRST)
    generation = await begun(play, project)
    stage.execution.say(generation.id, Stream("working"))
    await play.events(generation, count=3)
    async with asyncio.timeout(60):
        await play.projects.delete(ALICE, project.id)
    assert not play.engine.runs(generation.id)
    assert stage.execution.journals[generation.id].ended
    assert stage.execution.deleted == [project.id]
    assert await stage.mirror.head(project.id) is None
    assert await play.projects.recent(ALICE) == []
    for ask in (
        play.projects.get(ALICE, project.id),
        play.projects.delete(ALICE, project.id),
        begun(play, project),
    ):
        with pytest.raises(DreamCoreError) as refused:
            await ask
        assert refused.value.code is ErrorCode.PROJECT_NOT_FOUND
    await play.start()  # the slot is free


async def test_nobody_deletes_the_project_of_another(play: Play, stage: Stage) -> None:
    project = await play.project(BOB)
    with pytest.raises(DreamCoreError) as refused:
        await play.projects.delete(ALICE, project.id)
    assert refused.value.code is ErrorCode.PROJECT_NOT_FOUND
    assert await play.projects.get(BOB, project.id) == project
    assert stage.execution.deleted == []


async def test_no_generation_outlives_a_project_that_is_deleted_while_it_starts(
    play: Play, stage: Stage
) -> None:
    for _ in range(20):
        project = await play.project()
        async with asyncio.timeout(60):
            outcome, _ = await asyncio.gather(
                begun(play, project),
                play.projects.delete(ALICE, project.id),
                return_exceptions=True,
            )
        if isinstance(outcome, Generation):
            assert not play.engine.runs(outcome.id)
        else:
            assert isinstance(outcome, DreamCoreError)
            assert outcome.code is ErrorCode.PROJECT_NOT_FOUND
    await play.start()


@pytest.mark.parametrize("fetching", ["restore", "catch up"])
async def test_files_on_their_way_do_not_outlive_their_project(
    play: Play, stage: Stage, fetching: str
) -> None:
    project = await made(play, stage, FIRST, SECOND)
    if fetching == "catch up":
        stage.mirror.versions[project.id].pop()
    stage.execution.fetched.clear()
    stage.execution.delivery = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        if fetching == "restore":
            group.create_task(play.projects.restore(ALICE, project.id, FIRST))
        else:
            group.create_task(refused_start(play, project))
        await stage.execution.fetched.wait()
        await play.projects.delete(ALICE, project.id)
        stage.execution.delivery.set()
    assert await stage.mirror.head(project.id) is None


async def refused_start(play: Play, project: Project) -> None:
    with pytest.raises(DreamCoreError) as refused:
        await begun(play, project)
    assert refused.value.code is ErrorCode.PROJECT_NOT_FOUND


async def test_a_project_is_gone_even_when_execution_cannot_be_reached(
    play: Play, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    project = await made(play, stage, FIRST)
    stage.execution.refusal = ErrorCode.EXECUTION_UNAVAILABLE
    with caplog.at_level(logging.WARNING):
        await play.projects.delete(ALICE, project.id)
    assert await play.projects.recent(ALICE) == []
    assert "files of a deleted project are left in execution" in caplog.messages
