"""The root of the public surface: thin fields over the use cases. Mutations: `mutation.py`."""

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.cursor import decode_cursor
from schema.errors import DreamCoreError, ErrorCode
from schema.events import Accepted, Recorded, Refused
from schema.graphql.assets import Asset, foreign_is_missing
from schema.graphql.connections import AssetConnection, ProjectConnection
from schema.graphql.context import Info
from schema.graphql.events import GenerationEvent
from schema.graphql.inputs import StartGenerationInput
from schema.graphql.mentions import mentioned_types
from schema.graphql.mutation import Mutation
from schema.graphql.results import failure
from schema.graphql.scalars import Cursor
from schema.graphql.types import Generation, Node, Project, StylePreset, Viewer
from schema.graphql.views import view
from schema.identifiers import parse_uuid
from schema.models import Dimension, StartGeneration, StartOutcome

__all__ = ["Mutation", "Query", "Subscription"]

NO_GENERATION = str(UUID(int=0))


@strawberry.type(description="What can be read at once.")
class Query:
    @strawberry.field(description="Who is asking.")
    async def viewer(self, info: Info) -> Viewer:
        viewer = info.context.require_viewer()
        return Viewer(id=strawberry.ID(viewer.user_id), email=viewer.email)

    @strawberry.field(
        description="A project, generation or asset of the viewer; null when none has this id."
    )
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await _project(info, id) or await _generation(info, id) or await _asset(info, id)

    @strawberry.field(description="A project of the viewer; null when there is no such project.")
    async def project(self, info: Info, id: strawberry.ID) -> Project | None:
        return await _project(info, id)

    @strawberry.field(description="The viewer's projects, newest first.")
    async def projects(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> ProjectConnection:
        viewer = info.context.require_viewer()
        position = parse_uuid(after, "after") if after is not None else None
        page = await info.context.projects.page(viewer, first=first, after=position)
        return ProjectConnection.of(page)

    @strawberry.field(description="A generation of the viewer; null when there is none.")
    async def generation(self, info: Info, id: strawberry.ID) -> Generation | None:
        return await _generation(info, id)

    @strawberry.field(description="An asset of the viewer; null when there is no such asset.")
    async def asset(self, info: Info, id: strawberry.ID) -> Asset | None:
        return await _asset(info, id)

    @strawberry.field(description="The viewer's assets, newest first.")
    async def assets(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only those with this text, in any case, in names, tags or description."
            ),
        ] = None,
    ) -> AssetConnection:
        viewer = info.context.require_viewer()
        position = parse_uuid(after, "after") if after is not None else None
        page = await info.context.assets.page(viewer, first=first, after=position, search=search)
        return AssetConnection.of(page)

    @strawberry.field(description="The catalogue of visual styles for new games.")
    def style_presets(self, info: Info, dimension: Dimension) -> list[StylePreset]:
        info.context.require_viewer()
        return [StylePreset.of(preset) for preset in info.context.generations.styles(dimension)]


async def _project(info: Info, id: strawberry.ID) -> Project | None:
    viewer, project_id = info.context.require_viewer(), parse_uuid(id, "id")
    with _null_when(ErrorCode.PROJECT_NOT_FOUND):
        return Project.of(await info.context.projects.get(viewer, project_id))
    return None


async def _generation(info: Info, id: strawberry.ID) -> Generation | None:
    viewer, generation_id = info.context.require_viewer(), parse_uuid(id, "id")
    with _null_when(ErrorCode.GENERATION_NOT_FOUND):
        return Generation.of(await info.context.generations.get(viewer, generation_id))
    return None


async def _asset(info: Info, id: strawberry.ID) -> Asset | None:
    viewer, asset_id = info.context.require_viewer(), parse_uuid(id, "id")
    with _null_when(ErrorCode.ASSET_NOT_FOUND), foreign_is_missing():
        return Asset.of(await info.context.assets.own(viewer, asset_id))
    return None


@contextmanager
def _null_when(code: ErrorCode) -> Generator[None, None, None]:
    """Swallows the one error that says that there is none."""
    try:
        yield
    except DreamCoreError as error:
        if error.code is not code:
            raise


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
            yield view(_refusal(error), mentioned)
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
    with _null_when(ErrorCode.GENERATION_NOT_FOUND):
        known = await generations.get(viewer, generation_id)
        if known.idempotency_key == command.idempotency_key:
            return
    raise DreamCoreError(ErrorCode.INVALID_CURSOR)


def _refusal(error: DreamCoreError) -> Recorded:
    """Malformed input stays a GraphQL error; what a client can act on is its single event."""
    failure(error)
    return Recorded(NO_GENERATION, 0, datetime.now(UTC), Refused(error.code, error.message), 0)


def _as_joined(recorded: Recorded, outcome: StartOutcome) -> Recorded:
    if outcome.joined_existing and isinstance(recorded.event, Accepted):
        return replace(recorded, event=Accepted(joined_existing=True))
    return recorded
