"""Projects, generations and their pages as GraphQL types."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema import models
from schema.graphql.context import Info
from schema.graphql.scalars import Cursor
from schema.identifiers import parse_uuid
from schema.mirror import VersionRecord

if TYPE_CHECKING:
    from schema.graphql.connections import (
        GenerationConnection,
        GenerationEventConnection,
    )
    from schema.graphql.publishing import PublishDraft

MAX_CONTENT_BYTES = 2**20

strawberry.enum(
    models.GenerationStatus, description="The life of a generation; the last three are final."
)


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="A UUID.")


@strawberry.type(description="A state of a project's files: one git commit.")
class Version:
    hash: str = strawberry.field(description="The full commit hash.")
    subject: str | None = strawberry.field(
        default=None, description="What it was made for, in one line; null in events."
    )
    at: datetime | None = strawberry.field(
        default=None, description="When it was made; null in events."
    )

    @classmethod
    def of(cls, record: VersionRecord) -> Version:
        return cls(hash=record.hash, subject=record.subject, at=record.at)


@strawberry.type(description="A file of a project's newest version.")
class ProjectFile:
    path: str
    size: int = strawberry.field(description="In bytes.")
    content: str | None = strawberry.field(
        description="Null for what is not UTF-8 text, or larger than 1 MiB."
    )

    @classmethod
    def of(cls, path: str, data: bytes) -> ProjectFile:
        try:
            content = data.decode() if len(data) <= MAX_CONTENT_BYTES else None
        except UnicodeDecodeError:
            content = None
        return cls(path=path, size=len(data), content=content)


@strawberry.type(description="The authenticated user.")
class Viewer:
    id: strawberry.ID = strawberry.field(description="The user's id.")
    email: str | None = strawberry.field(description="The address in the access token.")


strawberry.enum(models.Dimension, description="Flat or spatial games.")


@strawberry.type(description="A visual style for new games.")
class StylePreset:
    id: str
    dimension: models.Dimension
    name: str = strawberry.field(description="As users see it.")
    guideline: str = strawberry.field(description="What the agent is told.")

    @classmethod
    def of(cls, preset: models.StylePreset) -> StylePreset:
        return cls(
            id=preset.id,
            dimension=preset.dimension,
            name=preset.name,
            guideline=preset.guideline,
        )


@strawberry.type(description="One line of a project's conversation.")
class ChatMessage:
    role: str = strawberry.field(description="`user`, `assistant` or `system`.")
    content: str
    at: datetime


@strawberry.type(description="A game and the conversation that makes it.")
class Project(Node):
    name: str
    description: str = strawberry.field(description="Its publish draft's; empty without one.")
    preview_url: str = strawberry.field(
        description="Where its owner plays the newest version, on this server."
    )
    created_at: datetime
    updated_at: datetime
    model: strawberry.Private[models.Project]

    @classmethod
    def of(cls, project: models.Project) -> Project:
        return cls(
            id=strawberry.ID(project.id),
            name=project.name,
            description=project.description,
            preview_url=f"/game/{project.user_id}/{project.id}/",
            created_at=project.created_at,
            updated_at=project.updated_at,
            model=project,
        )

    @strawberry.field(description="The conversation's newest messages, oldest first.")
    async def history(self, info: Info, last: int = 50) -> list[ChatMessage]:
        entries = await info.context.projects.history(self.model, last=last)
        return [ChatMessage(role=e.role, content=e.content, at=e.at) for e in entries]

    @strawberry.field(description="Its versions, newest first.")
    async def versions(self, info: Info, first: int = 20) -> list[Version]:
        records = await info.context.projects.versions(self.model, first=first)
        return [Version.of(record) for record in records]

    @strawberry.field(description="Paths of the newest version's files, sorted.")
    async def files(self, info: Info) -> list[str]:
        return await info.context.projects.files(self.model)

    @strawberry.field(description="One file; null when there is none. Hidden files do not exist.")
    async def file(self, info: Info, path: str) -> ProjectFile | None:
        data = await info.context.projects.file(self.model, path)
        return ProjectFile.of(path, data) if data is not None else None

    @strawberry.field(description="How it will be published; null before that was ever saved.")
    async def publish_draft(
        self, info: Info
    ) -> Annotated[PublishDraft, strawberry.lazy("schema.graphql.publishing")] | None:
        from schema.graphql.publishing import PublishDraft

        viewer = info.context.require_viewer()
        draft = await info.context.publishing.draft(viewer, self.model.id)
        return PublishDraft.of(draft) if draft else None

    @strawberry.field(description="The generation that is running, if any.")
    async def active_generation(self, info: Info) -> Generation | None:
        found = await info.context.projects.active_generation(self.model)
        return Generation.of(found) if found else None

    @strawberry.field(description="Its generations, newest first.")
    async def generations(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Annotated[GenerationConnection, strawberry.lazy("schema.graphql.connections")]:
        from schema.graphql.connections import GenerationConnection

        position = parse_uuid(after, "after") if after is not None else None
        page = await info.context.projects.generations(self.model, first=first, after=position)
        return GenerationConnection.of(page)


@strawberry.type(description="One run of the agent, from message to outcome.")
class Generation(Node):
    status: models.GenerationStatus
    progress: int = strawberry.field(description="0 to 100.")
    progress_message: str | None = strawberry.field(description="What is going on, for users.")
    created_at: datetime
    updated_at: datetime
    model: strawberry.Private[models.Generation]

    @classmethod
    def of(cls, generation: models.Generation) -> Generation:
        return cls(
            id=strawberry.ID(generation.id),
            status=generation.status,
            progress=generation.progress,
            progress_message=generation.progress_message,
            created_at=generation.created_at,
            updated_at=generation.updated_at,
            model=generation,
        )

    @strawberry.field(description="The project it works on.")
    async def project(self, info: Info) -> Project:
        viewer = info.context.require_viewer()
        return Project.of(await info.context.projects.get(viewer, self.model.project_id))

    @strawberry.field(description="Number of its last event; 0 before the first.")
    async def last_seq(self, info: Info) -> int:
        return await info.context.generations.last_seq(self.model)

    @strawberry.field(description="The log without a subscription, with the same cursors.")
    async def events(
        self, info: Info, first: int = 100, after: Cursor | None = None
    ) -> Annotated[GenerationEventConnection, strawberry.lazy("schema.graphql.connections")]:
        from schema.graphql.connections import GenerationEventConnection

        entries = await info.context.generations.page(self.model, first=first, after=after)
        last = await info.context.generations.last_seq(self.model)
        return GenerationEventConnection.of(entries, last)
