"""Pages in Relay's form."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from schema import assets, models
from schema.events import Recorded
from schema.graphql.assets import Asset
from schema.graphql.events import GenerationEvent
from schema.graphql.scalars import Cursor
from schema.graphql.types import Generation, Project
from schema.graphql.views import view


@strawberry.type(description="Where a page ends.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more behind it.")
    end_cursor: str | None = strawberry.field(description="`after` for the next page.")


@strawberry.type(description="A project at its place in a list.")
class ProjectEdge:
    node: Project
    cursor: str


@strawberry.type(description="A page of projects.")
class ProjectConnection:
    edges: list[ProjectEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: models.Page[models.Project]) -> ProjectConnection:
        edges = [ProjectEdge(node=Project.of(item), cursor=item.id) for item in page.items]
        return cls(edges=edges, page_info=_page_info([e.cursor for e in edges], page.has_next))


@strawberry.type(description="An asset at its place in a list.")
class AssetEdge:
    node: Asset
    cursor: str


@strawberry.type(description="A page of assets.")
class AssetConnection:
    edges: list[AssetEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: models.Page[assets.Asset]) -> AssetConnection:
        edges = [AssetEdge(node=Asset.of(item), cursor=item.id) for item in page.items]
        return cls(edges=edges, page_info=_page_info([e.cursor for e in edges], page.has_next))


@strawberry.type(description="A generation at its place in a list.")
class GenerationEdge:
    node: Generation
    cursor: str


@strawberry.type(description="A page of generations.")
class GenerationConnection:
    edges: list[GenerationEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: models.Page[models.Generation]) -> GenerationConnection:
        edges = [GenerationEdge(node=Generation.of(item), cursor=item.id) for item in page.items]
        return cls(edges=edges, page_info=_page_info([e.cursor for e in edges], page.has_next))


@strawberry.type(description="An event at its place in the log.")
class GenerationEventEdge:
    node: GenerationEvent
    cursor: Cursor


@strawberry.type(description="A page of a generation's events.")
class GenerationEventConnection:
    edges: list[GenerationEventEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, entries: Sequence[Recorded], last_seq: int) -> GenerationEventConnection:
        nodes = [view(entry) for entry in entries]
        edges = [GenerationEventEdge(node=node, cursor=node.cursor) for node in nodes]
        more = bool(entries) and entries[-1].seq < last_seq
        return cls(edges=edges, page_info=_page_info([e.cursor for e in edges], more))


def _page_info(cursors: Sequence[str], has_next: bool) -> PageInfo:
    return PageInfo(has_next_page=has_next, end_cursor=cursors[-1] if cursors else None)
