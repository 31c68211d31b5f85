"""The mutations: thin fields over the use cases, whose expected failures are data."""

import strawberry

from schema.errors import DreamCoreError, ErrorCode
from schema.graphql.assets import Asset, UpdateAssetInput, foreign_is_missing
from schema.graphql.context import Info
from schema.graphql.inputs import (
    CreateProjectInput,
    RenameProjectInput,
    RestoreVersionInput,
    StartGenerationInput,
)
from schema.graphql.publishing import PublishDraft, PublishDraftInput
from schema.graphql.results import (
    CancelGenerationResult,
    CancelGenerationSuccess,
    CreateProjectResult,
    CreateProjectSuccess,
    DeleteAssetResult,
    DeleteAssetSuccess,
    DeleteProjectResult,
    DeleteProjectSuccess,
    InvalidName,
    InvalidText,
    RenameProjectResult,
    RenameProjectSuccess,
    RestoreVersionResult,
    RestoreVersionSuccess,
    SavePublishDraftResult,
    SavePublishDraftSuccess,
    StartGenerationResult,
    StartGenerationSuccess,
    UpdateAssetResult,
    UpdateAssetSuccess,
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
            project = await info.context.projects.create(viewer, input.trimmed_name())
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
            project = await info.context.projects.rename(viewer, project_id, input.trimmed_name())
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

    @strawberry.mutation(description="Change what is said of an asset, and who may read it.")
    async def update_asset(self, info: Info, input: UpdateAssetInput) -> UpdateAssetResult:
        viewer, asset_id = info.context.require_viewer(), parse_uuid(input.id, "id")
        try:
            with foreign_is_missing():
                asset = await info.context.assets.update(viewer, asset_id, input.changes())
        except DreamCoreError as error:
            if error.code is ErrorCode.INVALID_INPUT:
                return InvalidText(message=error.message, code=error.code)
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return UpdateAssetSuccess(asset=Asset.of(asset))

    @strawberry.mutation(
        description="Delete an asset: games that use it miss it, and its alias stays taken."
    )
    async def delete_asset(self, info: Info, id: strawberry.ID) -> DeleteAssetResult:
        viewer, asset_id = info.context.require_viewer(), parse_uuid(id, "id")
        try:
            with foreign_is_missing():
                used_in = await info.context.assets.delete(viewer, asset_id)
        except DreamCoreError as error:
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return DeleteAssetSuccess(id=strawberry.ID(asset_id), used_in=used_in)

    @strawberry.mutation(description="Replace the publish draft of a project.")
    async def save_publish_draft(
        self, info: Info, input: PublishDraftInput
    ) -> SavePublishDraftResult:
        viewer = info.context.require_viewer()
        project_id = parse_uuid(input.project_id, "projectId")
        try:
            draft = await info.context.publishing.save_draft(viewer, project_id, input.draft())
        except DreamCoreError as error:
            if error.code is ErrorCode.INVALID_INPUT:
                return InvalidText(message=error.message, code=error.code)
            return failure(error)  # type: ignore[return-value] # narrowed by the FAILURES table
        return SavePublishDraftSuccess(draft=PublishDraft.of(draft))
