"""Inputs of mutations and of `generate`."""

import strawberry

from schema.identifiers import parse_uuid
from schema.models import StartGeneration


@strawberry.input(description="A new project.")
class CreateProjectInput:
    name: str = strawberry.field(description="1 to 200 characters.")


@strawberry.input(description="What to generate, and where.")
class StartGenerationInput:
    project_id: strawberry.ID
    message: str = strawberry.field(description="The user's words, 1 to 100,000 characters.")
    skills: list[str] | None = strawberry.field(default=None, description="At most 20 names.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key joins the generation it started, on any transport.",
    )

    def command(self) -> StartGeneration:
        """Raises `DreamCoreError(INVALID_INPUT)` for a malformed project id."""
        return StartGeneration(
            project_id=parse_uuid(self.project_id, "projectId"),
            message=self.message,
            skills=tuple(self.skills or ()),
            idempotency_key=self.idempotency_key,
        )
