"""An execution application in memory, which says what a test tells it to say."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

from schema.errors import DreamCoreError, ErrorCode
from schema.execution import CANCELLED, Done, Error, ExecutionEvent, Positioned, RunRequest
from schema.helper_calls import (
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.keywords import intent_of
from schema.models import Dimension


@dataclass(slots=True)
class Run:
    """The journal of one run."""

    events: list[ExecutionEvent] = field(default_factory=list)
    cut: bool = False
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ended(self) -> bool:
        return bool(self.events) and isinstance(self.events[-1], Done | Error)


class ScriptedExecution:
    """Implements `schema.execution_port.Execution`; `say` and `cut` drive it.

    `newest` is what a restore leads to; `refusal` is what restoring, writing and deleting meet.
    Helper calls are answered as without a model, unless `answer` or `skills` say otherwise;
    while `thinking` is set they wait for it, as bundles wait for `delivery`.
    """

    def __init__(self) -> None:
        self.journals: defaultdict[str, Run] = defaultdict(Run)
        self.requests: list[RunRequest] = []
        self.started = asyncio.Event()
        self.attached = asyncio.Event()
        self.pages: dict[str, bytes] = {}
        self.fetched = asyncio.Event()
        self.delivery: asyncio.Event | None = None
        self.positions: list[str | None] = []
        self.restored: list[str] = []
        self.newest = "e" * 40
        self.deleted: list[str] = []
        self.refusal: ErrorCode | None = None
        self.answer = ChatAnswer("", fallback=True)
        self.skills: tuple[str, ...] = ()
        self.thinking: asyncio.Event | None = None
        self.asked: list[str] = []
        self.applied: list[dict[str, str]] = []

    def say(self, run_id: str, *events: ExecutionEvent) -> None:
        run = self.journals[run_id]
        run.events.extend(events)
        self._grow(run)

    def cut(self, run_id: str) -> None:
        """End the stream without a terminal event."""
        run = self.journals[run_id]
        run.cut = True
        self._grow(run)

    def forget(self, run_id: str) -> None:
        """Lose the run, as a wiped disk would."""
        del self.journals[run_id]

    async def run(
        self, request: RunRequest, *, after: str | None = None
    ) -> AsyncGenerator[Positioned, None]:
        self.requests.append(request)
        self.started.set()
        async for positioned in self._follow(self.journals[request.run_id], after):
            yield positioned

    async def attach(
        self, run_id: str, *, after: str | None = None
    ) -> AsyncGenerator[Positioned, None]:
        if run_id not in self.journals:
            raise DreamCoreError(ErrorCode.RUN_NOT_FOUND)
        self.attached.set()
        async for positioned in self._follow(self.journals[run_id], after):
            yield positioned

    async def bundle(
        self, user_id: str, project_id: str, version: str
    ) -> AsyncGenerator[bytes, None]:
        self.fetched.set()
        if self.delivery is not None:
            await self.delivery.wait()
        page = self.pages.get(project_id)
        if page is None:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        yield page

    async def restore(self, user_id: str, project_id: str, version: str) -> str:
        self._refuse()
        self.restored.append(version)
        return self.newest

    async def delete_project(self, user_id: str, project_id: str) -> None:
        self._refuse()
        self.deleted.append(project_id)

    async def cancel(self, run_id: str) -> None:
        if run_id in self.journals and not self.journals[run_id].ended:
            self.say(run_id, Error(CANCELLED))

    async def apply(
        self, user_id: str, project_id: str, files: Mapping[str, str], subject: str
    ) -> str | None:
        self._refuse()
        self.applied.append(dict(files))
        return self.newest

    async def detect_intent(self, message: str) -> Intent:
        await self._think("intent")
        return Intent(intent_of(message), fallback=True)

    async def detect_skills(
        self, message: str, dimension: Dimension, *, has_code: bool
    ) -> SkillChoice:
        await self._think("skills")
        return SkillChoice(self.skills, fallback=True)

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        await self._think("chat")
        return self.answer

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        await self._think("publish_info")
        return PublishInfo(request.project_name, "", "", (), fallback=True)

    async def _think(self, about: str) -> None:
        self.asked.append(about)
        if self.thinking is not None:
            await self.thinking.wait()

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise DreamCoreError(self.refusal)

    async def _follow(self, run: Run, after: str | None) -> AsyncGenerator[Positioned, None]:
        self.positions.append(after)
        position = int(after or 0)
        while True:
            while position < len(run.events):
                event = run.events[position]
                position += 1
                yield Positioned(str(position), event)
                if isinstance(event, Done | Error):
                    return
            if run.cut:
                return
            await run.grown.wait()

    @staticmethod
    def _grow(run: Run) -> None:
        grown, run.grown = run.grown, asyncio.Event()
        grown.set()
