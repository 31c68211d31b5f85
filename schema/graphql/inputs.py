"""Inputs of mutations and of `generate`."""

import strawberry

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import parse_uuid
from schema.models import Dimension, StartGeneration, StyleChoice


@strawberry.input(description="A new project.")
class CreateProjectInput:
    name: str = strawberry.field(description="1 to 200 characters.")

    def trimmed_name(self) -> str:
        return _trimmed(self.name)


@strawberry.input(description="Another name for a project.")
class RenameProjectInput:
    project_id: strawberry.ID = strawberry.field(description="A project of the viewer.")
    name: str = strawberry.field(description="1 to 200 characters.")

    def trimmed_name(self) -> str:
        return _trimmed(self.name)


@strawberry.input(description="Which version to go back to.")
class RestoreVersionInput:
    project_id: strawberry.ID = strawberry.field(description="A project of the viewer.")
    version: str = strawberry.field(description="Its hash, or the first 7 or more digits of it.")


@strawberry.input(description="A visual style of the catalogue.")
class StyleInput:
    dimension: Dimension
    preset_id: str = strawberry.field(description="The id of a preset of that dimension.")


@strawberry.input(description="What to generate, and where.")
class StartGenerationInput:
    project_id: strawberry.ID = strawberry.field(description="A project of the viewer.")
    message: str = strawberry.field(description="The user's words, 1 to 100,000 characters.")
    style: StyleInput | None = strawberry.field(
        default=None, description="The visual style of a new game."
    )
    skip_style_selection: bool = strawberry.field(
        default=False, description="Never ask for a style or for 2D or 3D."
    )
    auto_fix: bool = strawberry.field(
        default=False, description="The message reports errors of the game: always an edit."
    )
    skills: list[str] | None = strawberry.field(
        default=None, description="At most 20 names; left out, they are chosen by the message."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key joins the generation it started, on any transport.",
    )

    def command(self) -> StartGeneration:
        """Raises `DreamCoreError(INVALID_INPUT)` for a malformed project id."""
        return StartGeneration(
            project_id=parse_uuid(self.project_id, "projectId"),
            message=self.message,
            style=StyleChoice(self.style.dimension, self.style.preset_id) if self.style else None,
            skip_style_selection=self.skip_style_selection,
            auto_fix=self.auto_fix,
            skills=tuple(self.skills) if self.skills is not None else None,
            idempotency_key=self.idempotency_key,
        )


def _trimmed(name: str) -> str:
    """A name without blanks around it. Raises `DreamCoreError(INVALID_INPUT)` for mere blanks."""
    trimmed = name.strip()
    if not trimmed:
        raise DreamCoreError(ErrorCode.INVALID_INPUT, "The name must not be blank.")
    return trimmed
