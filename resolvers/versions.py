"""From execution to the mirror."""

from contextlib import aclosing

from schema.execution_port import Execution
from schema.mirror import Mirror


async def fetch_version(
    execution: Execution, mirror: Mirror, user_id: str, project_id: str, version: str
) -> None:
    """Bring a version of a project into the mirror. Raises `DreamCoreError`."""
    async with aclosing(execution.bundle(user_id, project_id, version)) as bundle:
        await mirror.receive(project_id, version, bundle)
