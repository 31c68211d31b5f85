"""Outcomes of mutations: expected failures are data, one type for each that a client can act on."""

from typing import Annotated, Final

import strawberry

from schema import errors
from schema.errors import DreamCoreError, ErrorCode
from schema.graphql.assets import Asset
from schema.graphql.publishing import PublishDraft
from schema.graphql.types import Generation, Project, Version
from schema.models import Dimension


@strawberry.interface(description="An expected failure that a client can act on.")
class Failure:
    message: str = strawberry.field(description="Fit for users.")
    code: ErrorCode


@strawberry.type(description="The viewer has a generation running already.")
class UserLimitReached(Failure):
    pass


@strawberry.type(description="The service is full; try again later.")
class SystemLimitReached(Failure):
    pass


@strawberry.type(description="There is no such project among the viewer's.")
class ProjectNotFound(Failure):
    pass


@strawberry.type(description="There is no such generation among the viewer's.")
class GenerationNotFound(Failure):
    pass


@strawberry.type(description="The project has no such version.")
class VersionNotFound(Failure):
    pass


@strawberry.type(description="There is no such asset among the viewer's.")
class AssetNotFound(Failure):
    pass


@strawberry.type(description="A generation is working on the project; wait or cancel it first.")
class ProjectBusy(Failure):
    pass


@strawberry.type(description="The message is empty or too long.")
class InvalidMessage(Failure):
    pass


@strawberry.type(description="The idempotency key was used for another message or project.")
class IdempotencyConflict(Failure):
    pass


@strawberry.type(description="The name is empty or too long.")
class InvalidName(Failure):
    pass


@strawberry.type(description="A text is too long, or there are too many; the message says which.")
class InvalidText(Failure):
    pass


@strawberry.type(description="A new game needs a style: send the message again with one, or skip.")
class StyleChoiceNeeded(Failure):
    dimension: Dimension


FAILURES: Final[dict[ErrorCode, type[Failure]]] = {
    ErrorCode.USER_LIMIT_REACHED: UserLimitReached,
    ErrorCode.SYSTEM_LIMIT_REACHED: SystemLimitReached,
    ErrorCode.PROJECT_NOT_FOUND: ProjectNotFound,
    ErrorCode.GENERATION_NOT_FOUND: GenerationNotFound,
    ErrorCode.VERSION_NOT_FOUND: VersionNotFound,
    ErrorCode.ASSET_NOT_FOUND: AssetNotFound,
    ErrorCode.PROJECT_BUSY: ProjectBusy,
    ErrorCode.INVALID_MESSAGE: InvalidMessage,
    ErrorCode.IDEMPOTENCY_CONFLICT: IdempotencyConflict,
}


def failure(error: DreamCoreError) -> Failure:
    """The result type for an expected failure; anything else is raised on as a GraphQL error."""
    if isinstance(error, errors.StyleChoiceNeeded):
        dimension = Dimension(error.dimension)
        return StyleChoiceNeeded(message=error.message, code=error.code, dimension=dimension)
    kind = FAILURES.get(error.code)
    if kind is None:
        raise error
    return kind(message=error.message, code=error.code)


@strawberry.type(description="The project was made.")
class CreateProjectSuccess:
    project: Project


@strawberry.type(description="The project has the name.")
class RenameProjectSuccess:
    project: Project


@strawberry.type(description="The project is gone.")
class DeleteProjectSuccess:
    id: strawberry.ID


@strawberry.type(description="The files are those of the version asked for.")
class RestoreVersionSuccess:
    project: Project
    version: Version | None = strawberry.field(
        description="The version made for it; null when the files were so already."
    )


@strawberry.type(description="The generation runs.")
class StartGenerationSuccess:
    generation: Generation
    joined_existing: bool = strawberry.field(
        description="Whether the idempotency key joined a generation that existed already."
    )


@strawberry.type(description="The generation has ended.")
class CancelGenerationSuccess:
    generation: Generation = strawberry.field(
        description="As it ended: it may have completed before the cancel arrived."
    )


@strawberry.type(description="The asset is as asked for.")
class UpdateAssetSuccess:
    asset: Asset = strawberry.field(description="As it is now.")


@strawberry.type(description="The asset is deleted.")
class DeleteAssetSuccess:
    id: strawberry.ID
    used_in: int = strawberry.field(description="How many projects used it, and miss it now.")


@strawberry.type(description="The draft is saved.")
class SavePublishDraftSuccess:
    draft: PublishDraft = strawberry.field(description="As it was saved.")


CreateProjectResult = Annotated[
    CreateProjectSuccess | InvalidName,
    strawberry.union("CreateProjectResult", description="Outcome of `createProject`."),
]
RenameProjectResult = Annotated[
    RenameProjectSuccess | ProjectNotFound | InvalidName,
    strawberry.union("RenameProjectResult", description="Outcome of `renameProject`."),
]
DeleteProjectResult = Annotated[
    DeleteProjectSuccess | ProjectNotFound,
    strawberry.union("DeleteProjectResult", description="Outcome of `deleteProject`."),
]
RestoreVersionResult = Annotated[
    RestoreVersionSuccess | ProjectNotFound | VersionNotFound | ProjectBusy,
    strawberry.union("RestoreVersionResult", description="Outcome of `restoreVersion`."),
]
StartGenerationResult = Annotated[
    StartGenerationSuccess
    | StyleChoiceNeeded
    | UserLimitReached
    | SystemLimitReached
    | ProjectNotFound
    | InvalidMessage
    | IdempotencyConflict,
    strawberry.union("StartGenerationResult", description="Outcome of `startGeneration`."),
]
CancelGenerationResult = Annotated[
    CancelGenerationSuccess | GenerationNotFound,
    strawberry.union("CancelGenerationResult", description="Outcome of `cancelGeneration`."),
]
UpdateAssetResult = Annotated[
    UpdateAssetSuccess | AssetNotFound | InvalidText,
    strawberry.union("UpdateAssetResult", description="Outcome of `updateAsset`."),
]
DeleteAssetResult = Annotated[
    DeleteAssetSuccess | AssetNotFound,
    strawberry.union("DeleteAssetResult", description="Outcome of `deleteAsset`."),
]
SavePublishDraftResult = Annotated[
    SavePublishDraftSuccess | ProjectNotFound | InvalidText,
    strawberry.union("SavePublishDraftResult", description="Outcome of `savePublishDraft`."),
]
