"""Projects and generations for the suites of the store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schema.identifiers import random_uuid
from schema.models import Generation, GenerationStatus, Plan, Project, Route
from schema.ports import Store

AT: Final = datetime(2026, 1, 27, 3, 11, 44, 123456, tzinfo=UTC)


def a_project(**changes: Any) -> Project:
    """A new project of a new user, unless `changes` says otherwise."""
    project = Project(
        id=random_uuid(), user_id=random_uuid(), name="New Game", created_at=AT, updated_at=AT
    )
    return replace(project, **changes)


def a_generation(project: Project, **changes: Any) -> Generation:
    """A new pending generation in `project`, unless `changes` says otherwise."""
    generation = Generation(
        id=random_uuid(),
        project_id=project.id,
        user_id=project.user_id,
        message="a neon breakout game",
        plan=Plan(Route.RUN, "a neon breakout game"),
        skills=(),
        status=GenerationStatus.PENDING,
        progress=0,
        progress_message=None,
        idempotency_key=None,
        error_code=None,
        version=None,
        created_at=AT,
        updated_at=AT,
    )
    return replace(generation, **changes)


def later(seconds: int) -> datetime:
    """So many seconds after `AT`."""
    return AT + timedelta(seconds=seconds)


async def stored_project(store: Store, **changes: Any) -> Project:
    """A project that the store holds."""
    project = a_project(**changes)
    await store.create_project(project)
    return project


async def stored_generation(store: Store, project: Project, **changes: Any) -> Generation:
    """A generation that the store holds."""
    return await store.create_generation(a_generation(project, **changes))


async def reread(store: Store, generation: Generation) -> Generation:
    """The generation as it is now."""
    found = await store.generation(generation.id)
    assert found is not None
    return found
