"""What the use cases need from execution; a port like those of `schema/ports.py`."""

from collections.abc import AsyncGenerator, Mapping
from typing import Protocol

from schema.execution import Positioned, RunRequest
from schema.helper_calls import HelperCalls


class Execution(HelperCalls, Protocol):
    """A client of `modal_app`: runs prompts elsewhere and survives cut connections."""

    def run(
        self, request: RunRequest, *, after: str | None = None
    ) -> AsyncGenerator[Positioned, None]:
        """Start `request.run_id`, or join it after position `after`; ends after `Done` or `Error`.

        Re-attaches by itself while anything arrives. Raises `DreamCoreError` with
        EXECUTION_UNAVAILABLE when it cannot, RUN_NOT_FOUND when the run is unknown there.
        """
        ...

    def attach(self, run_id: str, *, after: str | None = None) -> AsyncGenerator[Positioned, None]:
        """Like `run`, but never starts anything."""
        ...

    def bundle(self, user_id: str, project_id: str, version: str) -> AsyncGenerator[bytes, None]:
        """A git bundle of the version with its history. Raises `DreamCoreError`."""
        ...

    async def cancel(self, run_id: str) -> None:
        """Stop the run; returns when everything it had started is gone. Unknown runs are gone."""
        ...

    async def restore(self, user_id: str, project_id: str, version: str) -> str:
        """Make the project's files those of an earlier version, given by its hash.

        Returns the full hash of the version that is the newest then: one made for this, or the
        present one if its files were so already. Raises `DreamCoreError`: PROJECT_BUSY,
        VERSION_NOT_FOUND, WORKSPACE_ERROR, EXECUTION_UNAVAILABLE.
        """
        ...

    async def delete_project(self, user_id: str, project_id: str) -> None:
        """Remove files and history; unknown projects are gone.

        Raises `DreamCoreError`: PROJECT_BUSY, WORKSPACE_ERROR, EXECUTION_UNAVAILABLE.
        """
        ...

    async def apply(
        self, user_id: str, project_id: str, files: Mapping[str, str], subject: str
    ) -> str | None:
        """Write text files, by path, as one version; its full hash, None when nothing changed.

        Raises `DreamCoreError`: PROJECT_BUSY, WORKSPACE_ERROR, EXECUTION_UNAVAILABLE.
        """
        ...
