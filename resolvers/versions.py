"""Versions: from execution to the mirror, and what their runs told of them."""

from collections.abc import Iterable
from contextlib import aclosing
from typing import Final

from schema.events import CodeProposed, Completed, Recorded
from schema.execution_port import Execution
from schema.mirror import Mirror
from schema.models import VersionNote
from schema.ports import Store

SUMMARY_CHARACTERS: Final = 2_000


async def fetch_version(
    execution: Execution, mirror: Mirror, user_id: str, project_id: str, version: str
) -> None:
    """Bring a version of a project into the mirror. Raises `DreamCoreError`."""
    async with aclosing(execution.bundle(user_id, project_id, version)) as bundle:
        await mirror.receive(project_id, version, bundle)


async def forget_if_deleted(store: Store, mirror: Mirror, project_id: str) -> None:
    """For after a fetch that nothing kept the project from being deleted under: its files must
    not come back."""
    if await store.project(project_id) is None:
        await mirror.remove(project_id)


def note_in(ending: Iterable[Recorded]) -> VersionNote | None:
    """What the last events of a generation tell of its version; None when it made none.

    Edits are bounded by `schema.execution.MAX_CODE_BYTES` already, the summary is cut here.
    """
    note = VersionNote()
    for recorded in ending:
        match recorded.event:
            case CodeProposed(edits=edits):
                note = VersionNote(edits=edits)
            case Completed(version=str(), message=message):
                return VersionNote((message or "")[:SUMMARY_CHARACTERS], note.edits)
    return None
