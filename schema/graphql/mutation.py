"""The mutations: thin fields over the use cases, whose expected failures are data."""

import strawberry

from schema.errors import DreamCoreError, ErrorCode
from schema.graphql.context import Info
from schema.graphql.inputs import (
    CreateProjectInput,
    RenameProjectInput,
    RestoreVersionInput,
    StartGenerationInput,
)
from schema.graphql.results import (
    CancelGenerationResult,
    CancelGenerationSuccess,
    CreateProjectResult,
    CreateProjectSuccess,
    DeleteProjectResult,
    DeleteProjectSuccess,
    InvalidName,
    RenameProjectResult,
    RenameProjectSuccess,
    RestoreVersionResult,
    RestoreVersionSuccess,
    StartGenerationResult,
    StartGenerationSuccess,
    failure,
)
from schema.graphql.types import Generation, Project, Version
from schema.identifiers import parse_uuid


@strawberry.type(description="What can be done.")
class Mutation:
    @strawberry.mutation(description="Make an empty project.")
    async def create_project(self, info: Info, input: CreateProjectInput) -> CreateProjectResult:
        viewer = info.context.require_viewer()
        try:
            project = await info.context.projects.create(viewer, input.name)
        except DreamCoreError as error:
            if error.code is not ErrorCode.INVALID_INPUT:
                raise
            return InvalidName(message=error.message, code=error.code)
        return CreateProjectSuccess(project=Project.of(project))

    @strawberry.mutation(description="Give a project another name.")
    async def rename_project(self, info: Info, input: RenameProjectInput) -> RenameProjectResult:
        viewer = info.context.require_viewer()
        project_id = parse_uuid(input.project_id, "projectId")
        try:
            project = await info.context.projects.rename(viewer, project_id, input.name)
        except DreamCoreError as error:
            if error.code is ErrorCode.INVALID_INPUT:
                return InvalidName(message=error.message, code=error.code)
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return RenameProjectSuccess(project=Project.of(project))

    @strawberry.mutation(
        description="Stop what runs in a project, and remove it with its files for good."
    )
    async def delete_project(self, info: Info, id: strawberry.ID) -> DeleteProjectResult:
        viewer, project_id = info.context.require_viewer(), parse_uuid(id, "id")
        try:
            await info.context.projects.delete(viewer, project_id)
        except DreamCoreError as error:
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return DeleteProjectSuccess(id=strawberry.ID(project_id))

    @strawberry.mutation(
        description="Make a new version with the files of an earlier one; no version is lost."
    )
    async def restore_version(self, info: Info, input: RestoreVersionInput) -> RestoreVersionResult:
        viewer = info.context.require_viewer()
        project_id = parse_uuid(input.project_id, "projectId")
        try:
            made = await info.context.projects.restore(viewer, project_id, input.version)
            project = await info.context.projects.get(viewer, project_id)
        except DreamCoreError as error:
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return RestoreVersionSuccess(
            project=Project.of(project), version=Version.of(made) if made else None
        )

    @strawberry.mutation(
        description="Start a generation; follow it with the subscription of its id."
    )
    async def start_generation(
        self, info: Info, input: StartGenerationInput
    ) -> StartGenerationResult:
        viewer = info.context.require_viewer()
        try:
            outcome = await info.context.generations.start(viewer, input.command())
        except DreamCoreError as error:
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return StartGenerationSuccess(
            generation=Generation.of(outcome.generation),
            joined_existing=outcome.joined_existing,
        )

    @strawberry.mutation(
        description="Stop a generation and wait for its end. Disconnecting never stops one."
    )
    async def cancel_generation(self, info: Info, id: strawberry.ID) -> CancelGenerationResult:
        viewer = info.context.require_viewer()
        try:
            ended = await info.context.generations.cancel(viewer, parse_uuid(id, "id"))
        except DreamCoreError as error:
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return CancelGenerationSuccess(generation=Generation.of(ended))
