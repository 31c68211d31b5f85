"""The message pipeline: what happens before a run, instead of one, and after it.

style gate → admission → intent → run or reply → version → history → rename
(`contract/legacy-modal.md` §5). Every client protocol goes through here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from resolvers.best_effort import best_effort
from resolvers.chat import Chat
from resolvers.conversation import asset_lines, bounded_history, remembered, style_text
from resolvers.games import dimension_of_game, title_of_game
from resolvers.illustration import Illustration
from resolvers.intent import is_dimension_answer, route_of
from resolvers.planning import made_plan
from resolvers.replies import DIMENSION_QUESTION, RESTORE_QUESTION
from resolvers.versions import fetch_version, forget_if_deleted
from schema.assets import AssetStore
from schema.errors import DreamCoreError
from schema.events import Completed, Event, Mode, ProjectRenamed, Reply
from schema.execution import RunContext
from schema.execution_port import Execution
from schema.keywords import dimension_of, intent_of
from schema.mirror import Mirror
from schema.models import ChatMessage, Generation, Plan, Route, StartGeneration
from schema.ports import EventLog, Metrics, Store

DEFAULT_NAME: Final = "新しいゲーム"
RECENT_GENERATIONS: Final = 5
UPDATED: Final = "ゲームを更新しました"
HISTORY_FOR_PROMPT: Final = 10
IMAGES_CAN_BE_MADE: Final = (
    "Images can be made for this game: at most three, asked for as the skill `images` says."
)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps that need the outside. `illustration` is None where nothing makes images."""

    store: Store
    mirror: Mirror
    execution: Execution
    assets: AssetStore
    now: Callable[[], datetime]
    illustration: Illustration | None = None

    @property
    def chat(self) -> Chat:
        """What answers questions."""
        return Chat(self.store, self.mirror, self.execution)

    async def catch_up(self, project_id: str) -> None:
        """Fetch the newest version when an earlier attempt failed; takes its time."""
        recent = await self.store.generations(project_id, first=RECENT_GENERATIONS, after=None)
        newest = next((item for item in recent.items if item.version), None)
        if newest is None or newest.version is None:
            return
        if await self.mirror.find(project_id, newest.version) is None:
            await self._collect(newest, newest.version)
            await forget_if_deleted(self.store, self.mirror, project_id)

    async def plan(self, command: StartGeneration) -> Plan:
        """See `made_plan`."""
        is_new = await self.mirror.head(command.project_id) is None
        history = await self.store.history(command.project_id, last=50) if is_new else []
        words = [entry.content for entry in history if entry.role == "user"]
        earlier = [text for text in words if not is_dimension_answer(text)]
        return made_plan(command, is_new=is_new, earlier=earlier[-1] if earlier else None)

    async def decide(self, generation: Generation) -> Generation:
        """Settle what is still to be detected, for good: a restart must not decide otherwise."""
        if generation.plan.route is not Route.DETECT:
            return generation
        try:
            intent = (await self.execution.detect_intent(generation.message)).intent
        except DreamCoreError:
            intent = intent_of(generation.message)
        is_new = await self.mirror.head(generation.project_id) is None
        route = route_of(intent, generation.message, is_new=is_new)
        plan = replace(generation.plan, route=route)
        await self.store.record_plan(generation.id, plan)
        return replace(generation, plan=plan)

    async def skills(self, generation: Generation) -> tuple[str, ...]:
        """The skills that the run gets: those it was asked for, or, settled for good, what suits
        the message."""
        if generation.skills or not generation.plan.detects_skills:
            return generation.skills
        has_code = await self.mirror.head(generation.project_id) is not None
        said = dimension_of(generation.plan.prompt)
        dimension = said or await dimension_of_game(self.mirror, generation.project_id)
        try:
            chosen = await self.execution.detect_skills(
                generation.plan.prompt, dimension, has_code=has_code
            )
        except DreamCoreError:
            return ()
        await self.store.record_skills(generation.id, chosen.skills)
        return chosen.skills

    async def context(self, generation: Generation) -> RunContext:
        """What the prompt of a run is built from, besides the request."""
        history = await self.store.history(generation.project_id, last=HISTORY_FOR_PROMPT + 1)
        linked = await self.assets.project_assets(generation.project_id)
        return RunContext(
            system=IMAGES_CAN_BE_MADE if self.illustration is not None else None,
            style=style_text(generation.plan.style),
            # The newest is this generation's own message.
            history=bounded_history(history[:-1]),
            assets=asset_lines(linked),
        )

    async def answer(self, generation: Generation) -> Event:
        """What a message that needs no run is answered with."""
        match generation.plan.route:
            case Route.RESTORE:
                return RESTORE_QUESTION
            case Route.ASK_DIMENSION:
                return DIMENSION_QUESTION
            case _:
                return await self.chat.reply(generation)

    async def conclude(
        self, generation: Generation, completed: Completed, reply: Reply | None
    ) -> list[Event]:
        """Version, history and name after a success. Returns what is worth telling before it.

        `reply` is what the generation has answered in words.
        """
        told: list[Event] = []
        text = completed.message
        if completed.version is not None:
            text = text or UPDATED
            await self._collect(generation, completed.version)
            told += await self._rename(generation)
        elif generation.plan.route is Route.RUN and text:
            told.append(Reply(text))
        if text and completed.mode is not Mode.RESTORE:
            suggestions = reply.suggestions if reply is not None else ()
            message = ChatMessage("assistant", remembered(text, suggestions), self.now())
            with best_effort("answer not kept in the history"):
                await self.store.add_message(generation, message)
        return told

    async def _collect(self, generation: Generation, version: str) -> None:
        with best_effort("version not mirrored"):
            user_id, project_id = generation.user_id, generation.project_id
            await fetch_version(self.execution, self.mirror, user_id, project_id, version)

    async def _rename(self, generation: Generation) -> list[Event]:
        with best_effort("project not renamed"):
            project = await self.store.project(generation.project_id)
            if project is None or project.name != DEFAULT_NAME:
                return []
            if title := await title_of_game(self.mirror, generation.project_id):
                await self.store.rename_project(project.id, title)
                return [ProjectRenamed(title)]
        return []


@dataclass(frozen=True, slots=True)
class Ports:
    """What a pump works with."""

    log: EventLog
    execution: Execution
    store: Store
    metrics: Metrics
    pipeline: Pipeline
