"""The message pipeline: what happens before a run, instead of one, and after it.

style gate → admission → intent → run or reply → version → history → rename
(`contract/legacy-modal.md` §5). Every client protocol goes through here.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from resolvers.conversation import bounded_history, remembered, style_text, title_of
from resolvers.intent import (
    DIMENSION_ANSWERS,
    asks_for_creation,
    dimension_of,
    is_dimension_answer,
    route_of,
    with_dimension,
)
from resolvers.styles import find_style
from resolvers.versions import fetch_version
from schema.errors import DreamCoreError, StyleChoiceNeeded
from schema.events import Completed, Event, Mode, Progress, ProjectRenamed, Reply, RestoreProposed
from schema.execution import RunContext
from schema.execution_port import Execution
from schema.mirror import Mirror
from schema.models import ChatMessage, Generation, Plan, Route, StartGeneration
from schema.ports import EventLog, Metrics, Store

logger = logging.getLogger(__name__)

DEFAULT_NAME: Final = "新しいゲーム"
RECENT_GENERATIONS: Final = 5
UPDATED: Final = "ゲームを更新しました"
HISTORY_FOR_PROMPT: Final = 10

RESTORE_QUESTION: Final = RestoreProposed(
    "直前の変更を取り消して、前の状態に戻しますか？", "戻す", "キャンセル"
)
DIMENSION_QUESTION: Final = Reply("2Dゲームと3Dゲーム、どちらで作成しますか？", DIMENSION_ANSWERS)


def made_plan(command: StartGeneration, *, is_new: bool, earlier: str | None) -> Plan:
    """What to do about a message; `earlier` is the user's last one.

    Raises `StyleChoiceNeeded` when the style has to be chosen first: nothing is stored then.
    """
    style = command.style if command.style and find_style(command.style) else None
    settled = command.skip_style_selection or command.style is not None
    dimension = dimension_of(command.message)
    gated = asks_for_creation(command.message) or is_dimension_answer(command.message)
    if is_new and not settled and not command.auto_fix and gated and dimension is not None:
        raise StyleChoiceNeeded(dimension)
    route = route_of(command, is_new=is_new)
    prompt = with_dimension(command.message, earlier) if is_new else command.message
    return Plan(route, prompt, style)


def answer(generation: Generation, facts: Sequence[str]) -> list[Event]:
    """The events of a message that needs no run, ending with `Completed`."""
    match generation.plan.route:
        case Route.RESTORE:
            return [RESTORE_QUESTION, Completed(Mode.RESTORE, "リストア確認")]
        case Route.ASK_DIMENSION:
            asking = Progress(3, "2D/3D判定中...")
            return [asking, DIMENSION_QUESTION, Completed(Mode.CHAT, DIMENSION_QUESTION.message)]
        case _:
            reply = _keyword_reply(facts)
            return [Progress(10, "回答を準備中..."), reply, Completed(Mode.CHAT, reply.message)]


def _keyword_reply(facts: Sequence[str]) -> Reply:
    """Without a model nobody can answer freely: say so, and what is known."""
    known = "、".join(facts) or "まだゲームがありません"
    return Reply(
        f"いまは会話用のAIモデルが設定されていないため、わかることだけお答えします。{known}。",
        ("色を変えて", "もっと速くして", "難しくして"),
    )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps that need the outside."""

    store: Store
    mirror: Mirror
    execution: Execution
    now: Callable[[], datetime]

    async def plan(self, command: StartGeneration) -> Plan:
        """See `made_plan`."""
        await self._catch_up(command.project_id)
        is_new = await self.mirror.head(command.project_id) is None
        history = await self.store.history(command.project_id, last=50) if is_new else []
        words = [entry.content for entry in history if entry.role == "user"]
        earlier = [text for text in words if not is_dimension_answer(text)]
        return made_plan(command, is_new=is_new, earlier=earlier[-1] if earlier else None)

    async def context(self, generation: Generation) -> RunContext:
        """What the prompt of a run is built from, besides the request."""
        history = await self.store.history(generation.project_id, last=HISTORY_FOR_PROMPT + 1)
        # The newest is this generation's own message.
        earlier = bounded_history(history[:-1])
        return RunContext(style=style_text(generation.plan.style), history=earlier)

    async def answers(self, generation: Generation) -> list[Event]:
        """See `answer`."""
        facts: list[str] = []
        if generation.plan.route is Route.CHAT:
            title = await self._title(generation.project_id)
            if title:
                facts.append(f"このゲームの名前は「{title}」です")
            files = await self.mirror.files(generation.project_id)
            if files:
                facts.append(f"ファイルは{len(files)}個あります")
        return answer(generation, facts)

    async def conclude(self, generation: Generation, completed: Completed) -> list[Event]:
        """Version, history and name after a success. Returns what is worth telling before it."""
        told: list[Event] = []
        text = completed.message
        if completed.version is not None:
            text = text or UPDATED
            await self._collect(generation, completed.version)
            told += await self._rename(generation)
        elif generation.plan.route is Route.RUN and text:
            told.append(Reply(text))
        if text and completed.mode is not Mode.RESTORE:
            message = ChatMessage("assistant", remembered(text, generation), self.now())
            with _best_effort("answer not kept in the history"):
                await self.store.add_message(generation, message)
        return told

    async def _catch_up(self, project_id: str) -> None:
        """Fetch the newest version when an earlier attempt failed."""
        recent = await self.store.generations(project_id, first=RECENT_GENERATIONS, after=None)
        newest = next((item for item in recent.items if item.version), None)
        if newest is None or newest.version is None:
            return
        if await self.mirror.find(project_id, newest.version) is None:
            await self._collect(newest, newest.version)

    async def _collect(self, generation: Generation, version: str) -> None:
        with _best_effort("version not mirrored"):
            user_id, project_id = generation.user_id, generation.project_id
            await fetch_version(self.execution, self.mirror, user_id, project_id, version)

    async def _rename(self, generation: Generation) -> list[Event]:
        with _best_effort("project not renamed"):
            project = await self.store.project(generation.project_id)
            if project is None or project.name != DEFAULT_NAME:
                return []
            if title := await self._title(generation.project_id):
                await self.store.rename_project(project.id, title)
                return [ProjectRenamed(title)]
        return []

    async def _title(self, project_id: str) -> str | None:
        page: bytes | None = None
        with _best_effort("title not read"):
            page = await self.mirror.read(project_id, "index.html")
        return title_of(page) if page else None


@dataclass(frozen=True, slots=True)
class Ports:
    """What a pump works with."""

    log: EventLog
    execution: Execution
    store: Store
    metrics: Metrics
    pipeline: Pipeline


@contextmanager
def _best_effort(failure: str) -> Generator[None, None, None]:
    """A version is safe in execution: what follows it must not fail the generation."""
    try:
        yield
    except DreamCoreError as error:
        logger.warning(failure, extra={"code": error.code.value})
