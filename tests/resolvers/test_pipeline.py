"""The message pipeline: style gate, intent, answers without a run, history, rename."""

from collections.abc import AsyncIterator

import pytest

from resolvers.games import SEARCHED_BYTES, dimension_of_game
from resolvers.intent import route_of, settled_route, with_dimension
from resolvers.pipeline import DEFAULT_NAME
from resolvers.planning import made_plan
from resolvers.replies import DIMENSION_QUESTION, RESTORE_QUESTION
from resolvers.styles import CATALOGUE
from schema.errors import StyleChoiceNeeded
from schema.events import (
    Accepted,
    Completed,
    Mode,
    Progress,
    ProjectRenamed,
    Reply,
    Started,
)
from schema.execution import Done
from schema.keywords import intent_of
from schema.models import Dimension, Route, StartGeneration, StyleChoice
from tests.resolvers.conftest import ALICE, Play, Stage

HASH = "c" * 40
RETRO = StyleChoice(Dimension.TWO, "retro")


def said(message: str, **options: object) -> StartGeneration:
    return StartGeneration("p", message, **options)  # type: ignore[arg-type] # the tests' shorthand


@pytest.mark.parametrize(
    ("message", "is_new", "route"),
    [
        ("2Dで宇宙ゲームを作って", True, Route.RUN),
        ("宇宙を飛ぶゲームを作って", True, Route.ASK_DIMENSION),
        ("a neon breakout game", True, Route.ASK_DIMENSION),
        ("３Ｄの迷路を作成", True, Route.RUN),
        ("このゲームはどんな操作ですか？", False, Route.CHAT),
        ("どうして動かないの", False, Route.CHAT),
        ("元に戻して", False, Route.RESTORE),
        ("undo that", False, Route.RESTORE),
        ("UNDO", False, Route.RESTORE),
        ("敵を速くして", False, Route.RUN),
        ("ゲームを作ってくれますか？", True, Route.ASK_DIMENSION),
    ],
)
def test_keywords_decide_the_route(message: str, is_new: bool, route: Route) -> None:
    route_by_words = settled_route(said(message), is_new=is_new)
    if route_by_words is Route.DETECT:
        route_by_words = route_of(intent_of(message), message, is_new=is_new)
    assert route_by_words is route


def test_a_report_of_the_automatic_fix_is_always_an_edit() -> None:
    report = said("Please fix: why? restore undo 教えて", auto_fix=True)
    assert settled_route(report, is_new=False) is Route.RUN


@pytest.mark.parametrize(
    ("message", "dimension"),
    [
        ("2Dで宇宙ゲームを作って", "2d"),
        ("３Dゲームを作成", "3d"),
        ("create a 2d and 3D game", "3d"),
        ("2Dで作成", "2d"),
    ],
)
def test_a_new_game_with_a_dimension_needs_a_style(message: str, dimension: str) -> None:
    with pytest.raises(StyleChoiceNeeded) as needed:
        made_plan(said(message), is_new=True, earlier=None)
    assert needed.value.dimension == dimension


@pytest.mark.parametrize(
    ("command", "is_new"),
    [
        (said("2Dでゲームを作って", skip_style_selection=True), True),
        (said("2Dでゲームを作って", style=RETRO), True),
        (said("2Dでゲームを作って"), False),
        (said("2Dで敵を速く"), True),
    ],
)
def test_the_gate_is_open_for_everything_else(command: StartGeneration, is_new: bool) -> None:
    route = made_plan(command, is_new=is_new, earlier=None).route
    assert route in (Route.RUN, Route.DETECT)


def test_an_unknown_style_is_ignored() -> None:
    unknown = said("2Dでゲームを作って", style=StyleChoice(Dimension.THREE, "retro"))
    assert made_plan(unknown, is_new=True, earlier=None).style is None


@pytest.mark.parametrize(
    ("answer", "earlier", "prompt"),
    [
        ("2Dで作成", "宇宙のゲームを作って", "2Dで宇宙のゲームを作って"),
        ("3d", "2Dで迷路", "3Dで迷路"),
        ("2Dで作成", None, "2Dで作成"),
        ("もっと速く", "宇宙のゲーム", "もっと速く"),
    ],
)
def test_a_bare_answer_takes_up_the_request_before_it(
    answer: str, earlier: str | None, prompt: str
) -> None:
    assert with_dimension(answer, earlier) == prompt


def test_the_catalogue_is_the_frontends() -> None:
    two = [preset.id for preset in CATALOGUE[Dimension.TWO]]
    three = [preset.id for preset in CATALOGUE[Dimension.THREE]]
    assert (len(two), len(three)) == (19, 12)
    assert two[0] == "retro"
    assert set(two) & set(three) == {"kawaii", "neon", "minimal", "futuristic"}
    presets = [*CATALOGUE[Dimension.TWO], *CATALOGUE[Dimension.THREE]]
    assert all(preset.guideline for preset in presets)


async def test_the_question_for_the_dimension_needs_no_run(play: Play) -> None:
    project = await play.project()
    outcome = await play.generations.start(ALICE, StartGeneration(project.id, "ゲームを作って"))
    events = [entry.event for entry in await play.events(outcome.generation)]
    assert events == [
        Accepted(),
        Started(),
        Progress(3, "2D/3D判定中..."),
        DIMENSION_QUESTION,
        Completed(Mode.CHAT, DIMENSION_QUESTION.message),
    ]
    assert play.stage.execution.requests == []
    history = await play.projects.history(project, last=50)
    assert [(entry.role, entry.content) for entry in history] == [
        ("user", "ゲームを作って"),
        ("assistant", f"{DIMENSION_QUESTION.message}\n\n提案: 2Dで作成、3Dで作成"),
    ]


async def test_a_chosen_style_reaches_the_run_with_the_request_behind_the_answer(
    play: Play,
) -> None:
    project = await play.project()
    await play.generations.start(ALICE, StartGeneration(project.id, "宇宙のゲームを作って"))
    (first,) = (await play.projects.generations(project, first=1, after=None)).items
    await play.events(first)
    command = StartGeneration(project.id, "2Dで作成", style=RETRO)
    generation = (await play.generations.start(ALICE, command)).generation
    play.stage.execution.say(generation.id, Done())
    await play.events(generation)
    (request,) = play.stage.execution.requests
    assert request.message == "2Dで宇宙のゲームを作って"
    assert request.context.style is not None
    assert request.context.style.startswith("# ビジュアルスタイル: レトロドット絵\n")
    assert [entry.role for entry in request.context.history] == ["user", "assistant"]


async def test_the_first_game_gives_the_project_its_name_and_an_existing_one_keeps_it(
    play: Play,
) -> None:
    project = await play.projects.create(ALICE, DEFAULT_NAME)
    play.stage.execution.pages[project.id] = b"<title>Neon &amp; Bricks</title>"
    events = []
    for _ in range(2):
        command = StartGeneration(project.id, "go", skip_style_selection=True)
        generation = (await play.generations.start(ALICE, command)).generation
        play.stage.execution.say(generation.id, Done("done", version=HASH, created=True))
        events += [entry.event for entry in await play.events(generation, after=2)]
    completed = Completed(Mode.CREATE, "done", HASH)
    assert events == [ProjectRenamed("Neon & Bricks"), completed, completed]
    assert (await play.projects.get(ALICE, project.id)).name == "Neon & Bricks"
    assert (await play.projects.versions(project, first=5))[0].hash == HASH


async def test_an_existing_game_is_restored_or_explained_only_on_request(play: Play) -> None:
    project = await play.project()
    play.stage.execution.pages[project.id] = b"<title>T</title>"
    command = StartGeneration(project.id, "go", skip_style_selection=True)
    generation = (await play.generations.start(ALICE, command)).generation
    play.stage.execution.say(generation.id, Done("done", version=HASH))
    await play.events(generation)
    undo = await play.generations.start(ALICE, StartGeneration(project.id, "元に戻して"))
    events = [entry.event for entry in await play.events(undo.generation, after=2)]
    assert events == [RESTORE_QUESTION, Completed(Mode.RESTORE, "リストア確認")]
    ask = await play.generations.start(ALICE, StartGeneration(project.id, "操作を教えて"))
    reply = (await play.events(ask.generation, after=3))[0].event
    assert isinstance(reply, Reply)
    assert "「T」" in reply.message


async def test_words_without_a_change_of_files_are_a_reply(play: Play) -> None:
    generation = await play.start()
    play.stage.execution.say(generation.id, Done("nothing to do"))
    events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [Reply("nothing to do"), Completed(Mode.CHAT, "nothing to do")]


@pytest.mark.parametrize(
    ("page", "dimension"),
    [
        (b'<script src="three.min.js">', Dimension.THREE),
        (b" " * (SEARCHED_BYTES - 6) + b"THREE.", Dimension.THREE),
        (b" " * SEARCHED_BYTES + b"THREE.", Dimension.TWO),
        (b"<canvas>", Dimension.TWO),
        (b"", Dimension.TWO),
    ],
)
async def test_a_game_is_3d_when_the_beginning_of_its_page_says_so(
    stage: Stage, page: bytes, dimension: Dimension
) -> None:
    await stage.mirror.receive("p", HASH, _whole(page))
    assert await dimension_of_game(stage.mirror, "p") is dimension


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
