"""What fields find by an id: the viewer's, or null."""

from collections.abc import Generator
from contextlib import contextmanager

import strawberry

from schema.errors import DreamCoreError, ErrorCode
from schema.graphql.assets import Asset, foreign_is_missing
from schema.graphql.context import Info
from schema.graphql.types import Generation, Project
from schema.identifiers import parse_uuid


async def find_project(info: Info, id: strawberry.ID) -> Project | None:
    """The viewer's project. Raises `DreamCoreError(INVALID_INPUT)` for a malformed id."""
    viewer, project_id = info.context.require_viewer(), parse_uuid(id, "id")
    with null_when(ErrorCode.PROJECT_NOT_FOUND):
        return Project.of(await info.context.projects.get(viewer, project_id))
    return None


async def find_generation(info: Info, id: strawberry.ID) -> Generation | None:
    """The viewer's generation, as `find_project`."""
    viewer, generation_id = info.context.require_viewer(), parse_uuid(id, "id")
    with null_when(ErrorCode.GENERATION_NOT_FOUND):
        return Generation.of(await info.context.generations.get(viewer, generation_id))
    return None


async def find_asset(info: Info, id: strawberry.ID) -> Asset | None:
    """The viewer's own asset, as `find_project`."""
    viewer, asset_id = info.context.require_viewer(), parse_uuid(id, "id")
    with null_when(ErrorCode.ASSET_NOT_FOUND), foreign_is_missing():
        return Asset.of(await info.context.assets.own(viewer, asset_id))
    return None


@contextmanager
def null_when(code: ErrorCode) -> Generator[None, None, None]:
    """Swallows the one error that says that there is none."""
    try:
        yield
    except DreamCoreError as error:
        if error.code is not code:
            raise
