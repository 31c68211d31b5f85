"""The subscriptions: a generation, followed over its log."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema import models
from schema.cursor import decode_cursor
from schema.errors import DreamCoreError, ErrorCode
from schema.events import Accepted, Recorded, Refused
from schema.graphql.context import Info
from schema.graphql.events import GenerationEvent
from schema.graphql.inputs import StartGenerationInput
from schema.graphql.lookups import null_when
from schema.graphql.mentions import mentioned_types
from schema.graphql.results import StyleChoiceNeeded, failure
from schema.graphql.scalars import Cursor
from schema.graphql.views import view
from schema.identifiers import parse_uuid
from schema.models import StartGeneration, StartOutcome

NO_GENERATION = str(UUID(int=0))


@strawberry.type(description="What can be followed while it happens.")
class Subscription:
    @strawberry.subscription(
        description=(
            "Replay the generation from just after `after`, then follow it live, with no gap and "
            "no repeat; completes after the terminal event."
        )
    )
    async def generation(
        self,
        info: Info,
        id: strawberry.ID,
        after: Cursor | None = None,
        snapshot: Annotated[
            bool,
            strawberry.argument(
                description="Begin with a `Snapshot` of the present, not with the past."
            ),
        ] = False,
    ) -> AsyncGenerator[GenerationEvent, None]:
        viewer = info.context.require_viewer()
        generation_id = parse_uuid(id, "id")
        mentioned = mentioned_types(info._raw_info)
        stream = await info.context.generations.watch(
            viewer,
            generation_id,
            after=info.context.last_event_id or after,
            snapshot=snapshot,
        )
        async with aclosing(stream):
            async for recorded in stream:
                event = view(recorded, mentioned)
                info.context.delivered_cursor = event.cursor
                yield event

    @strawberry.subscription(
        description=(
            "Start a generation and follow it in one operation. `input.idempotencyKey` is "
            "required: clients re-send subscriptions after a reconnect, and the same key joins "
            "the run it started; `after` resumes it."
        )
    )
    async def generate(
        self, info: Info, input: StartGenerationInput, after: Cursor | None = None
    ) -> AsyncGenerator[GenerationEvent, None]:
        viewer = info.context.require_viewer()
        command = input.command()
        if command.idempotency_key is None:
            raise DreamCoreError(ErrorCode.IDEMPOTENCY_KEY_REQUIRED)
        position = info.context.last_event_id or after
        if position is not None:
            await _require_resumable(info, command, position)
        mentioned = mentioned_types(info._raw_info)
        try:
            outcome = await info.context.generations.start(viewer, command)
        except DreamCoreError as error:
            yield view(_refusal(info, error), mentioned)
            return
        stream = await info.context.generations.watch(viewer, outcome.generation.id, after=position)
        async with aclosing(stream):
            async for recorded in stream:
                event = view(_as_joined(recorded, outcome), mentioned)
                info.context.delivered_cursor = event.cursor
                yield event


async def _require_resumable(info: Info, command: StartGeneration, position: str) -> None:
    """Only a run that its key has started has positions: anything else must not start one.

    Raises `DreamCoreError(INVALID_CURSOR)`.
    """
    generation_id, _ = decode_cursor(position)
    generations, viewer = info.context.generations, info.context.require_viewer()
    with null_when(ErrorCode.GENERATION_NOT_FOUND):
        known = await generations.get(viewer, generation_id)
        if known.idempotency_key == command.idempotency_key:
            return
    raise DreamCoreError(ErrorCode.INVALID_CURSOR)


def _refusal(info: Info, error: DreamCoreError) -> Recorded:
    """Malformed input stays a GraphQL error; what a client can act on is its single event."""
    acted_on = failure(error)
    presets: tuple[models.StylePreset, ...] = ()
    if isinstance(acted_on, StyleChoiceNeeded):
        presets = info.context.generations.styles(acted_on.dimension)
    refused = Refused(error.code, error.message, presets)
    return Recorded(NO_GENERATION, 0, datetime.now(UTC), refused, 0)


def _as_joined(recorded: Recorded, outcome: StartOutcome) -> Recorded:
    if outcome.joined_existing and isinstance(recorded.event, Accepted):
        return replace(recorded, event=Accepted(joined_existing=True))
    return recorded
