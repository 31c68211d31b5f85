"""What a game is published with, as GraphQL types."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema import publishing
from schema.publishing import Remix, Visibility

strawberry.enum(Visibility, description="Who finds a published game.")
strawberry.enum(Remix, description="Whether others may build on a published game.")


@strawberry.type(description="How a game will be published: the state of the publish page.")
class PublishDraft:
    title: str = strawberry.field(description="Of the published game.")
    description: str = strawberry.field(description="What the game is about.")
    how_to_play: str = strawberry.field(description="Controls and rules.")
    tags: list[str] = strawberry.field(description="Words to find it by.")
    visibility: Visibility = strawberry.field(description="Who will find it.")
    remix: Remix = strawberry.field(description="Whether others may build on it.")
    thumbnail_url: str | None = strawberry.field(description="Its picture, if it has one.")
    updated_at: datetime | None

    @classmethod
    def of(cls, draft: publishing.PublishDraft) -> PublishDraft:
        return cls(
            title=draft.title,
            description=draft.description,
            how_to_play=draft.how_to_play,
            tags=list(draft.tags),
            visibility=draft.visibility,
            remix=draft.remix,
            thumbnail_url=draft.thumbnail_url,
            updated_at=draft.updated_at,
        )


@strawberry.input(description="A whole draft: what is left out gets its default.")
class PublishDraftInput:
    project_id: strawberry.ID = strawberry.field(description="A project of the viewer.")
    title: str = strawberry.field(default="", description="At most 50 characters.")
    description: str = strawberry.field(default="", description="At most 500 characters.")
    how_to_play: str = strawberry.field(default="", description="At most 1,000 characters.")
    tags: list[str] = strawberry.field(
        default_factory=list, description="At most 10, of at most 20 characters each."
    )
    visibility: Visibility = strawberry.field(
        default=Visibility.PUBLIC, description="Who will find it."
    )
    remix: Remix = strawberry.field(
        default=Remix.ALLOWED, description="Whether others may build on it."
    )
    thumbnail_url: str | None = strawberry.field(
        default=None, description="The address of its picture, at most 500 characters."
    )

    def draft(self) -> publishing.PublishDraft:
        return publishing.PublishDraft(
            title=self.title,
            description=self.description,
            how_to_play=self.how_to_play,
            tags=tuple(self.tags),
            visibility=self.visibility,
            remix=self.remix,
            thumbnail_url=self.thumbnail_url,
        )
