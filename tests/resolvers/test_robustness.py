"""What breaks around a generation must neither leave it without an end nor take others along."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from resolvers.conversation import bounded_history, title_of
from schema.errors import DreamCoreError, ErrorCode, UserLimitReached
from schema.events import (
    Completed,
    Event,
    Failed,
    Mode,
    ProjectRenamed,
    Recorded,
    Reply,
    is_terminal,
)
from schema.execution import Done, Stream
from schema.identifiers import random_uuid
from schema.models import ChatMessage, StartGeneration, Viewer
from tests.resolvers.conftest import ALICE, BOB, Play, Stage, now

HASH = "d" * 40


class FailingLog:
    """A log on a full disk: everything but appending works."""

    def __init__(self, stage: Stage) -> None:
        self._log = stage.log
        self.full = False

    async def append(
        self,
        generation_id: str,
        events: Sequence[Event],
        *,
        after_seq: int,
        epoch: int,
        source_id: str | None,
    ) -> list[Recorded]:
        if self.full:
            raise DreamCoreError(ErrorCode.INTERNAL)
        return await self._log.append(
            generation_id, events, after_seq=after_seq, epoch=epoch, source_id=source_id
        )

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)


async def test_a_log_that_cannot_be_written_harms_only_its_generation(stage: Stage) -> None:
    healthy = stage.log
    failing = FailingLog(stage)
    stage.log = failing  # type: ignore[assignment] # all but append is the real one
    async with stage.gateway() as play:
        generation = await play.start()
        await play.events(generation, count=2)
        failing.full = True
        stage.execution.say(generation.id, Stream("lost", 1))
        await play.generations.cancel(ALICE, generation.id)
        failing.full = False
        other = await play.start(viewer=BOB)
        stage.execution.say(other.id, Done())
        assert isinstance((await play.events(other))[-1].event, Completed)
    stage.log = healthy
    stage.execution.say(generation.id, Done())
    async with stage.gateway() as play:
        assert is_terminal((await play.events(generation))[-1].event)


async def test_a_deadline_in_the_middle_of_the_stream_is_the_one_end(stage: Stage) -> None:
    async with stage.gateway(deadline=0.03) as play:
        generation = await play.start()
        while not stage.execution.journals[generation.id].ended:
            stage.execution.say(generation.id, *[Stream("x", 1)] * 50)
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.001)
        last = (await play.events(generation))[-1].event
        assert isinstance(last, Failed)
        assert last.code is ErrorCode.CLI_TIMEOUT


async def test_a_caller_that_leaves_while_it_starts_leaves_nothing_behind(play: Play) -> None:
    for turn in range(30):
        viewer = Viewer(random_uuid())
        project = await play.project(viewer)
        command = StartGeneration(project.id, "a game", skip_style_selection=True)
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(play.generations.start(viewer, command))
            await asyncio.wait([starting], timeout=turn / 5_000)
            starting.cancel()
        try:
            running = (await play.generations.start(viewer, command)).generation.id
        except UserLimitReached as refused:
            running = refused.generation_id or "the refusal names the holder"
        play.stage.execution.say(running, Done())
        generation = await play.generations.get(viewer, running)
        assert isinstance((await play.events(generation))[-1].event, Completed)


async def test_giving_up_stops_the_run(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Stream("half", 1))
    play.stage.execution.cut(generation.id)
    await play.events(generation)
    assert play.stage.execution.journals[generation.id].ended


async def test_the_end_and_what_is_told_before_it_are_one_batch(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Done("words"))
    recorded = await play.events(generation, after=2)
    assert [entry.event for entry in recorded] == [
        Reply("words"),
        Completed(Mode.CHAT, "words"),
    ]
    assert recorded[0].at == recorded[1].at


async def test_a_mirror_that_missed_a_version_catches_up(play: Play) -> None:
    project = await play.projects.create(ALICE, "新しいゲーム")
    command = StartGeneration(project.id, "2D game", skip_style_selection=True)
    first = (await play.generations.start(ALICE, command)).generation
    play.stage.execution.say(first.id, Done("done", version=HASH, created=True))
    await play.events(first)
    await play.generations.cancel(ALICE, first.id)
    assert await play.projects.versions(project, first=1) == []
    play.stage.execution.pages[project.id] = b"<title>Found</title>"
    again = StartGeneration(project.id, "元に戻して")
    await play.events((await play.generations.start(ALICE, again)).generation)
    assert [version.hash for version in await play.projects.versions(project, first=9)] == [HASH]


class BrokenMirror:
    """A mirror whose git cannot be started."""

    async def receive(self, project_id: str, version: str, bundle: AsyncIterator[bytes]) -> None:
        raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)

    async def read(self, project_id: str, path: str, version: str | None = None) -> bytes | None:
        raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)

    async def head(self, project_id: str) -> str | None:
        return None


async def test_a_version_that_is_committed_is_a_success_whatever_follows(stage: Stage) -> None:
    stage.mirror = BrokenMirror()  # type: ignore[assignment] # only what this test reaches
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.say(generation.id, Done("done", version=HASH))
        events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [Completed(Mode.EDIT, "done", HASH)]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (b"<html><TITLE>\n Neon &lt;3 </title>", "Neon <3"),
        (b"<title lang='ja'>\xe5\xae\x87\xe5\xae\x99</title>", "宇宙"),
        (b"<titlebar>x</titlebar>", None),
        (b"<title>never closed", None),
        (b"<title></title>", None),
        (b"<title>" * 500_000, None),
        (b"<title>" + b"x" * 60 + b"</title>", "x" * 50),
    ],
)
def test_a_title_is_found_near_the_beginning_whatever_the_page_is(
    page: bytes, title: str | None
) -> None:
    assert title_of(page) == title


def test_the_history_of_a_prompt_is_bounded() -> None:
    messages = [ChatMessage("user", f"{number}" * 9_000, now()) for number in range(10)]
    kept = bounded_history(messages)
    assert [entry.content[0] for entry in kept] == ["5", "6", "7", "8", "9"]
    assert sum(len(entry.content) for entry in kept) == 20_000


async def test_a_new_name_is_told_once(play: Play) -> None:
    project = await play.projects.create(ALICE, "新しいゲーム")
    play.stage.execution.pages[project.id] = b"<title>Found</title>"
    command = StartGeneration(project.id, "go", skip_style_selection=True)
    generation = (await play.generations.start(ALICE, command)).generation
    play.stage.execution.say(generation.id, Done("done", version=HASH))
    events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [ProjectRenamed("Found"), Completed(Mode.EDIT, "done", HASH)]


async def test_a_version_that_is_fetched_slowly_holds_nobody_else_up(play: Play) -> None:
    execution = play.stage.execution
    generation = await play.start()
    execution.say(generation.id, Done("done", version=HASH))
    await play.events(generation)
    await play.generations.cancel(ALICE, generation.id)  # its row has the version then
    execution.fetched.clear()
    execution.delivery = asyncio.Event()
    again = StartGeneration(generation.project_id, "again", skip_style_selection=True)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        waiting = group.create_task(play.generations.start(ALICE, again))
        await execution.fetched.wait()
        await play.start(viewer=BOB)
        assert not waiting.done()
        execution.delivery.set()
