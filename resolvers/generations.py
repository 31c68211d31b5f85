"""Use cases around generations: the same for every client protocol."""

from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from resolvers.access import Access
from resolvers.engine import Engine
from resolvers.pipeline import Pipeline
from resolvers.projects import checked_page_size
from resolvers.styles import CATALOGUE
from schema.cursor import position_in
from schema.errors import DreamCoreError, ErrorCode
from schema.events import Recorded
from schema.execution import MAX_MESSAGE_CHARACTERS
from schema.identifiers import is_uuid, random_uuid
from schema.models import (
    ChatMessage,
    Dimension,
    Generation,
    GenerationStatus,
    Plan,
    Project,
    StartGeneration,
    StartOutcome,
    StylePreset,
    Viewer,
)
from schema.ports import EventLog, Slots, Store

MAX_SKILLS = 20
MAX_SKILL_CHARACTERS = 64
MAX_KEY_CHARACTERS = 200


def checked(command: StartGeneration) -> StartGeneration:
    """Raises `DreamCoreError(INVALID_MESSAGE)` or `(INVALID_INPUT)` for what cannot be run."""
    if not command.message.strip() or len(command.message) > MAX_MESSAGE_CHARACTERS:
        raise DreamCoreError(ErrorCode.INVALID_MESSAGE)
    if "\0" in command.message:
        # Neither a process argument nor a PostgreSQL text can hold it.
        raise DreamCoreError(ErrorCode.INVALID_MESSAGE, "The message must not contain NUL.")
    skills = command.skills or ()
    if len(skills) > MAX_SKILLS or any(not _is_word(s, MAX_SKILL_CHARACTERS) for s in skills):
        raise DreamCoreError(
            ErrorCode.INVALID_INPUT,
            f"At most {MAX_SKILLS} skills of 1 to {MAX_SKILL_CHARACTERS} printable characters.",
        )
    key = command.idempotency_key
    if key is not None and not _is_word(key, MAX_KEY_CHARACTERS):
        raise DreamCoreError(
            ErrorCode.INVALID_INPUT,
            f"An idempotencyKey has between 1 and {MAX_KEY_CHARACTERS} printable characters.",
        )
    return command


def _is_word(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable()


@dataclass(slots=True)
class GenerationUseCases:
    """Implements `schema.use_cases.Generations`."""

    store: Store
    log: EventLog
    slots: Slots
    engine: Engine
    pipeline: Pipeline
    now: Callable[[], datetime]
    draining: Callable[[], bool] = lambda: False

    async def start(self, viewer: Viewer, command: StartGeneration) -> StartOutcome:
        """Admit and launch a generation, or join the one that the idempotency key started."""
        checked(command)
        project = await Access(self.store).project(viewer, command.project_id)
        if self.draining():
            raise DreamCoreError(ErrorCode.SHUTTING_DOWN)
        return await self.engine.to_the_end(self._start(viewer, project, command))

    async def _start(
        self, viewer: Viewer, project: Project, command: StartGeneration
    ) -> StartOutcome:
        # Not while others wait for their turn: it asks the execution side.
        await self.pipeline.catch_up(project.id)
        # Between looking a key up and inserting it, nobody else may ask.
        async with self.engine.admission:
            earlier = await self._earlier(viewer, command)
            if earlier is not None:
                if (earlier.project_id, earlier.message) != (project.id, command.message):
                    raise DreamCoreError(ErrorCode.IDEMPOTENCY_CONFLICT)
                return StartOutcome(earlier, joined_existing=True)
            outcome = await self._admit(viewer, command, await self.pipeline.plan(command))
            if not outcome.joined_existing:
                self.engine.launch(outcome.generation)
        return outcome

    async def _earlier(self, viewer: Viewer, command: StartGeneration) -> Generation | None:
        if command.idempotency_key is None:
            return None
        return await self.store.generation_by_key(viewer.user_id, command.idempotency_key)

    async def _admit(self, viewer: Viewer, command: StartGeneration, plan: Plan) -> StartOutcome:
        at = self.now()
        generation = Generation(
            id=random_uuid(),
            project_id=command.project_id,
            user_id=viewer.user_id,
            message=command.message,
            plan=plan,
            skills=command.skills or (),
            status=GenerationStatus.PENDING,
            progress=0,
            progress_message=None,
            idempotency_key=command.idempotency_key,
            error_code=None,
            version=None,
            created_at=at,
            updated_at=at,
        )
        await self.slots.acquire(viewer.user_id, generation.id)
        stored: Generation | None = None
        try:
            stored = await self.store.create_generation(generation)
        finally:
            # Refused, or another process was quicker with the same key.
            if stored is None or stored.id != generation.id:
                await self.slots.release(generation.id)
        if stored.id == generation.id:
            with suppress(DreamCoreError):  # the row holds the message too
                await self.store.add_message(stored, ChatMessage("user", command.message, at))
        return StartOutcome(stored, joined_existing=stored.id != generation.id)

    async def cancel(self, viewer: Viewer, generation_id: str) -> Generation:
        """Stop it and return it as it ended; an ended one is returned as it is."""
        generation = await Access(self.store).generation(viewer, generation_id)
        await self.engine.cancel(generation.id)
        return await Access(self.store).generation(viewer, generation_id)

    async def get(self, viewer: Viewer, generation_id: str) -> Generation:
        """The viewer's generation, or GENERATION_NOT_FOUND."""
        generation = await Access(self.store).generation(viewer, generation_id)
        if not generation.active:
            return generation
        await self.engine.settled(generation.project_id)
        return await Access(self.store).generation(viewer, generation_id)

    async def exists(self, generation_id: str) -> bool:
        """Whether it is anybody's; false for malformed ids too."""
        if not is_uuid(generation_id):
            return False
        return await self.store.generation(generation_id.lower()) is not None

    async def watch(
        self, viewer: Viewer, generation_id: str, *, after: str | None, snapshot: bool = False
    ) -> AsyncGenerator[Recorded, None]:
        """Replay, then follow. Checks before it reads: errors come from the await."""
        generation = await Access(self.store).generation(viewer, generation_id)
        position = position_in(generation.id, after)
        return self.log.read(generation.id, position, snapshot=snapshot)

    def styles(self, dimension: Dimension) -> tuple[StylePreset, ...]:
        """The catalogue of visual styles, in the order to show them."""
        return CATALOGUE[dimension]

    async def page(
        self, generation: Generation, *, first: int, after: str | None
    ) -> list[Recorded]:
        """Stored events after the cursor, at most `first`, without waiting."""
        position = position_in(generation.id, after)
        return await self.log.page(generation.id, position, checked_page_size(first))

    async def last_seq(self, generation: Generation) -> int:
        """The number of the last event."""
        return await self.log.last_seq(generation.id)
