"""The message pipeline: what happens before a run, instead of one, and after it.

style gate → admission → intent → run or reply → version → history → rename
(`contract/legacy-modal.md` §5). Every client protocol goes through here.
"""

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Final

from resolvers.intent import (
    DIMENSION_ANSWERS,
    asks_for_creation,
    dimension_of,
    is_dimension_answer,
    route_of,
    with_dimension,
)
from resolvers.styles import find_style, style_document
from schema.errors import DreamCoreError, StyleChoiceNeeded
from schema.events import Completed, Event, Mode, Progress, ProjectRenamed, Reply, RestoreProposed
from schema.execution import HistoryMessage, RunContext
from schema.mirror import Mirror
from schema.models import ChatMessage, Generation, Plan, Route, StartGeneration, StyleChoice
from schema.ports import EventLog, Execution, Metrics, Store

logger = logging.getLogger(__name__)

DEFAULT_NAME: Final = "新しいゲーム"
UPDATED: Final = "ゲームを更新しました"
HISTORY_FOR_PROMPT: Final = 10
TITLE_CHARACTERS: Final = 50
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)

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
        is_new = await self.mirror.head(command.project_id) is None
        history = await self.store.history(command.project_id, last=50) if is_new else []
        words = [entry.content for entry in history if entry.role == "user"]
        earlier = [text for text in words if not is_dimension_answer(text)]
        return made_plan(command, is_new=is_new, earlier=earlier[-1] if earlier else None)

    async def context(self, generation: Generation) -> RunContext:
        """What the prompt of a run is built from, besides the request."""
        history = await self.store.history(generation.project_id, last=HISTORY_FOR_PROMPT + 1)
        # The newest is this generation's own message.
        earlier = tuple(HistoryMessage(entry.role, entry.content) for entry in history[:-1])
        return RunContext(style=_style_text(generation.plan.style), history=earlier)

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
            await self.store.add_message(
                generation, ChatMessage("assistant", _remembered(text, generation), self.now())
            )
        return told

    async def _collect(self, generation: Generation, version: str) -> None:
        """The version is safe in execution: failing to copy it must not fail the generation."""
        try:
            bundle = self.execution.bundle(generation.user_id, generation.project_id, version)
            async with aclosing(bundle):
                await self.mirror.receive(generation.project_id, version, bundle)
        except DreamCoreError as error:
            logger.warning("version not mirrored", extra={"code": error.code.value})

    async def _rename(self, generation: Generation) -> list[Event]:
        project = await self.store.project(generation.project_id)
        if project is None or project.name != DEFAULT_NAME:
            return []
        title = await self._title(generation.project_id)
        if not title:
            return []
        await self.store.rename_project(project.id, title)
        return [ProjectRenamed(title)]

    async def _title(self, project_id: str) -> str | None:
        page = await self.mirror.read(project_id, "index.html")
        match = _TITLE.search(page.decode(errors="replace")) if page else None
        clean = " ".join(unescape(match[1]).split())[:TITLE_CHARACTERS] if match else ""
        return clean or None


@dataclass(frozen=True, slots=True)
class Ports:
    """What a pump works with."""

    log: EventLog
    execution: Execution
    store: Store
    metrics: Metrics
    pipeline: Pipeline


def _remembered(text: str, generation: Generation) -> str:
    """Suggestions are kept in the form that the frontend reads back (legacy-ws §3)."""
    if generation.plan.route is Route.ASK_DIMENSION:
        return f"{text}\n\n提案: {'、'.join(DIMENSION_ANSWERS)}"
    return text


def _style_text(choice: StyleChoice | None) -> str | None:
    preset = find_style(choice) if choice is not None else None
    return style_document(preset) if preset is not None else None
