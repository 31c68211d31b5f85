"""The events of the log as GraphQL types: one class a kind, all implementing `StreamEvent`."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.errors import ErrorCode
from schema.events import Mode
from schema.graphql.context import Info
from schema.graphql.scalars import Cursor
from schema.graphql.types import Project, StylePreset, Version

strawberry.enum(ErrorCode, name="ErrorCode", description="What went wrong; the list is closed.")
strawberry.enum(Mode, name="GenerationMode", description="What a finished generation did.")


@strawberry.interface(description="Something that happened in a generation, at its place.")
class StreamEvent:
    generation_id: strawberry.ID = strawberry.field(description="The generation it belongs to.")
    seq: int = strawberry.field(description="Its number: starts at 1 and has no gaps.")
    cursor: Cursor = strawberry.field(description="The same position for `after`.")
    at: datetime = strawberry.field(description="When it was recorded.")


@strawberry.type(description="The generation was admitted.")
class GenerationAccepted(StreamEvent):
    joined_existing: bool = strawberry.field(
        description="Whether the idempotency key joined a generation that ran already."
    )


@strawberry.type(description="The run was handed to execution.")
class GenerationStarted(StreamEvent):
    pass


@strawberry.type(description="Where the run stands.")
class GenerationProgress(StreamEvent):
    percent: int | None = strawberry.field(
        description="0 to 100, never falling; null when only the text moved."
    )
    message: str = strawberry.field(description="What is going on, for users.")


@strawberry.type(description="Text of the agent's answer.")
class GenerationOutput(StreamEvent):
    text: str = strawberry.field(description="The next piece; concatenate them in order.")
    from_seq: int = strawberry.field(
        description="A lagging reader gets adjacent output merged: this stands for `fromSeq..seq`."
    )


@strawberry.type(description="Text was taken back: the model's stream broke and is retried.")
class GenerationOutputRetracted(StreamEvent):
    from_seq: int = strawberry.field(description="Discard the text of every output from here on.")


@strawberry.type(description="The agent used a tool.")
class GenerationToolUse(StreamEvent):
    tool: str = strawberry.field(description="Its name, like `Write` or `Edit`.")
    path: str | None = strawberry.field(description="The workspace file it worked on, if any.")


@strawberry.type(description="A whole text file.")
class ProposedFile:
    path: str
    content: str


@strawberry.type(description="One replacement inside a file.")
class ProposedEdit:
    path: str
    old_string: str = strawberry.field(description="The text that is replaced.")
    new_string: str = strawberry.field(description="What takes its place.")


@strawberry.type(description="The code that a step wrote.")
class GenerationCodeProposed(StreamEvent):
    mode: Mode = strawberry.field(description="CREATE brings `files`, EDIT brings `edits`.")
    files: list[ProposedFile] = strawberry.field(description="Whole files, new or rewritten.")
    edits: list[ProposedEdit] = strawberry.field(description="Replacements, to be made in order.")
    summary: str | None = strawberry.field(description="What the step did, in words.")
    suggestions: list[str] = strawberry.field(description="What a user may ask for next.")


@strawberry.type(description="An answer in words; no file was touched.")
class GenerationReply(StreamEvent):
    message: str = strawberry.field(description="The answer.")
    suggestions: list[str] = strawberry.field(description="What a user may ask for next.")


@strawberry.type(description="The message reads like a wish to go back; ask before restoring.")
class GenerationRestoreProposed(StreamEvent):
    message: str = strawberry.field(description="The question for the user.")
    confirm_label: str = strawberry.field(description="Label of the button that restores.")
    cancel_label: str = strawberry.field(
        description="Label of the button that leaves everything as it is."
    )


@strawberry.type(description="An image made for the game.")
class GeneratedImage:
    name: str
    url: str = strawberry.field(description="Where it is served.")


@strawberry.type(description="Images that the run made.")
class GenerationImagesReady(StreamEvent):
    images: list[GeneratedImage] = strawberry.field(description="In the order they were made.")


@strawberry.type(description="The project got a name from its first game.")
class GenerationProjectRenamed(StreamEvent):
    name: str = strawberry.field(description="The name it got then.")

    @strawberry.field(description="The project as it is now.")
    async def project(self, info: Info) -> Project:
        viewer = info.context.require_viewer()
        generation = await info.context.generations.get(viewer, self.generation_id)
        return Project.of(await info.context.projects.get(viewer, generation.project_id))


@strawberry.type(description="The generation succeeded. One of three events that end it.")
class GenerationCompleted(StreamEvent):
    mode: Mode
    message: str | None = strawberry.field(description="The agent's closing words.")
    version: Version | None = strawberry.field(description="Null when no file changed.")


@strawberry.type(description="The generation failed. One of three events that end it.")
class GenerationFailed(StreamEvent):
    code: ErrorCode
    message: str = strawberry.field(description="Fit for users.")
    retryable: bool = strawberry.field(description="Whether trying again can help.")


@strawberry.type(description="The generation was stopped. One of three events that end it.")
class GenerationCancelled(StreamEvent):
    pass


@strawberry.type(
    description="The single event of a `generate` that was not admitted; it belongs to no log."
)
class GenerationRefused(StreamEvent):
    code: ErrorCode
    message: str = strawberry.field(description="Fit for users.")
    style_options: list[StylePreset] | None = strawberry.field(
        description="What to choose from when a style must be chosen first, else null."
    )


@strawberry.type(description="The state up to `seq` in one frame.")
class Snapshot(StreamEvent):
    text: str = strawberry.field(description="The output that was not taken back.")
    percent: int = strawberry.field(description="The progress reached, 0 to 100.")
    message: str | None = strawberry.field(description="The last words about progress.")
    files: list[str] = strawberry.field(description="Workspace files that the run wrote.")


@strawberry.type(description="Events are no longer kept; a `Snapshot` stands for them.")
class StreamGap(StreamEvent):
    missing_from: int = strawberry.field(description="Number of the first event that is gone.")
    missing_to: int = strawberry.field(description="Number of the last one.")
    reason: str = strawberry.field(description="Why, in one word, like `trimmed`.")
    resume_at: int = strawberry.field(description="The stream goes on after this number.")


@strawberry.type(
    description=(
        "For a document that mentions it, stands in for every type the document does not mention: "
        "types added later never break a generated client."
    )
)
class UnknownEvent(StreamEvent):
    kind: str = strawberry.field(description="Name of the type it stands for.")
    json: str = strawberry.field(description="The fields of that type, as JSON.")


GenerationEvent = Annotated[
    GenerationAccepted
    | GenerationStarted
    | GenerationProgress
    | GenerationOutput
    | GenerationOutputRetracted
    | GenerationToolUse
    | GenerationCodeProposed
    | GenerationReply
    | GenerationRestoreProposed
    | GenerationImagesReady
    | GenerationProjectRenamed
    | GenerationCompleted
    | GenerationFailed
    | GenerationCancelled
    | GenerationRefused
    | Snapshot
    | StreamGap
    | UnknownEvent,
    strawberry.union("GenerationEvent", description="What can happen during one generation."),
]
