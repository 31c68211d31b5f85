"""What the pipeline asks of models: intents, skills, answers, and that a stop ends the wait."""

import asyncio
from collections.abc import AsyncGenerator

from resolvers.planning import made_plan
from schema.errors import DreamCoreError, ErrorCode
from schema.events import (
    Accepted,
    Cancelled,
    Completed,
    Event,
    Mode,
    Progress,
    Reply,
    Started,
)
from schema.execution import Done
from schema.helper_calls import ChatAnswer, Intent
from schema.models import Generation, GenerationStatus, Plan, Route, StartGeneration
from tests.contracts.records import a_generation
from tests.resolvers.conftest import ALICE, Play, Stage

HASH = "e" * 40


async def pieces(data: bytes) -> AsyncGenerator[bytes, None]:
    yield data


async def _said(play: Play, message: str, skills: tuple[str, ...] | None = None) -> Generation:
    """A message about a game that is there already."""
    project = await play.project()
    await play.stage.mirror.receive(project.id, HASH, pieces(b"<title>Stars</title>"))
    command = StartGeneration(project.id, message, skills=skills)
    return (await play.generations.start(ALICE, command)).generation


async def test_a_models_answer_is_told_and_kept_with_its_suggestions(play: Play) -> None:
    play.stage.execution.answer = ChatAnswer("矢印キー。", ("敵を速く", "赤、青に\n"))
    generation = await _said(play, "どんな操作ですか？")
    events = [entry.event for entry in await play.events(generation, after=2)]
    reply = Reply("矢印キー。", ("敵を速く", "赤 青に"))
    assert events == [
        Progress(10, "Claude Haikuで回答中..."),
        reply,
        Completed(Mode.CHAT, reply.message),
    ]
    history = await play.stage.store.history(generation.project_id, last=5)
    assert history[-1].content == "矢印キー。\n\n提案: 敵を速く、赤 青に"


async def test_without_a_model_the_answer_says_so_and_what_is_known(play: Play) -> None:
    generation = await _said(play, "どんな操作ですか？")
    events = [entry.event for entry in await play.events(generation, after=3)]
    (reply, _) = events
    assert isinstance(reply, Reply)
    assert "AIモデルが設定されていない" in reply.message
    assert "Stars" in reply.message


async def test_the_decision_is_stored_for_whoever_continues(play: Play) -> None:
    generation = await _said(play, "どうしてですか")
    assert generation.plan.route is Route.DETECT
    await play.events(generation)
    stored = await play.stage.store.generation(generation.id)
    assert stored is not None
    assert stored.plan.route is Route.CHAT


async def test_the_skills_that_are_chosen_reach_the_run_and_its_watchers(play: Play) -> None:
    play.stage.execution.skills = ("canvas-2d", "audio", "touch", "polish")
    generation = await _said(play, "敵を速くして")
    await play.stage.execution.started.wait()
    (request,) = play.stage.execution.requests
    assert request.skills == ("canvas-2d", "audio", "touch", "polish")
    (told,) = await play.events(generation, after=2, count=1)
    assert told.event == Progress(12, "スキル選択: canvas-2d, audio, touch")


async def test_skills_that_are_named_are_not_chosen_by_a_model(play: Play) -> None:
    play.stage.execution.skills = ("canvas-2d",)
    await _said(play, "敵を速くして", skills=())
    await play.stage.execution.started.wait()
    assert play.stage.execution.requests[0].skills == ()
    assert "skills" not in play.stage.execution.asked


async def test_a_stop_ends_the_wait_for_a_model_and_nothing_runs(play: Play) -> None:
    play.stage.execution.thinking = asyncio.Event()
    generation = await _said(play, "敵を速くして")
    await play.generations.cancel(ALICE, generation.id)
    events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [Cancelled()]
    assert play.stage.execution.requests == []


async def test_an_answer_that_was_told_before_a_crash_ends_its_generation(stage: Stage) -> None:
    async with stage.gateway() as play:
        project = await play.project()
    plan = Plan(Route.CHAT, "どうしてですか")
    generation = await stage.store.create_generation(a_generation(project, plan=plan))
    lease = await stage.log.acquire(generation.id)
    said: list[Event] = [
        Accepted(),
        Started(),
        Progress(10, "Claude Haikuで回答中..."),
        Reply("はい。"),
    ]
    await stage.log.append(generation.id, said, after_seq=0, epoch=lease.epoch, source_id=None)
    async with stage.gateway() as play:
        events = [entry.event for entry in await play.events(generation, after=4)]
    assert events == [Completed(Mode.CHAT, "はい。")]
    assert stage.execution.asked == []


class Unreachable:
    """Execution that answers no question."""

    async def detect_intent(self, message: str) -> Intent:
        raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)


async def test_words_decide_when_nobody_can_be_asked(play: Play) -> None:
    play.stage.execution.detect_intent = Unreachable().detect_intent  # type: ignore[method-assign] # one call fails
    generation = await _said(play, "元に戻して")
    events = [entry.event for entry in await play.events(generation)]
    assert events[-1] == Completed(Mode.RESTORE, "リストア確認")


def test_what_needs_no_model_is_settled_at_once() -> None:
    command = StartGeneration("p", "2Dで作って", skip_style_selection=True, skills=("audio",))
    plan = made_plan(command, is_new=True, earlier=None)
    assert (plan.route, plan.detects_skills) == (Route.RUN, False)


async def test_a_stop_before_a_restart_found_its_run_ends_the_run(stage: Stage) -> None:
    async with stage.gateway() as first:
        generation = await _said(first, "make a 2D game")
        await stage.execution.started.wait()
    stage.execution.thinking = asyncio.Event()
    stage.execution.asked.clear()
    async with stage.gateway() as second:
        ended = await second.generations.cancel(ALICE, generation.id)
    assert ended.status is GenerationStatus.CANCELLED
    assert stage.execution.journals[generation.id].ended


async def test_chosen_skills_are_told_once_though_a_restart_chooses_again(stage: Stage) -> None:
    stage.execution.skills = ("audio", "touch")
    async with stage.gateway() as first:
        generation = await first.start("make a 2D game")
        await stage.execution.started.wait()
    stage.execution.say(generation.id, Done("ok"))
    async with stage.gateway() as second:
        events = [entry.event for entry in await second.events(generation, after=2)]
    assert events == [
        Progress(12, "スキル選択: audio, touch"),
        Reply("ok"),
        Completed(Mode.CHAT, "ok"),
    ]
    assert [request.skills for request in stage.execution.requests] == [("audio", "touch")] * 2
