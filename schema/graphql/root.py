"""The root of the public surface: thin fields over the use cases."""

from typing import Annotated

import strawberry

from schema.graphql.assets import Asset
from schema.graphql.connections import AssetConnection, ProjectConnection
from schema.graphql.context import Info
from schema.graphql.lookups import find_asset, find_generation, find_project
from schema.graphql.mutation import Mutation
from schema.graphql.subscription import Subscription
from schema.graphql.types import Generation, Node, Project, StylePreset, Viewer
from schema.identifiers import parse_uuid
from schema.models import Dimension

__all__ = ["Mutation", "Query", "Subscription"]


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
        return (
            await find_project(info, id)
            or await find_generation(info, id)
            or await find_asset(info, id)
        )

    @strawberry.field(description="A project of the viewer; null when there is no such project.")
    async def project(self, info: Info, id: strawberry.ID) -> Project | None:
        return await find_project(info, id)

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
        return await find_generation(info, id)

    @strawberry.field(description="An asset of the viewer; null when there is no such asset.")
    async def asset(self, info: Info, id: strawberry.ID) -> Asset | None:
        return await find_asset(info, id)

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
