"""Requests about a project's files: fetching and restoring versions, writing, deleting."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, TypeVar

import anyio
import msgspec

from adapters.modal.channel import TRANSIENT, Channel
from adapters.modal.patience import Patience
from adapters.modal.stream import RunView, chunks, read
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import APPLY_FILES, BUNDLE, DELETE_PROJECT, Done, Error

Answer = TypeVar("Answer")

_ABOUT_THE_WRITE: Final = frozenset(
    {ErrorCode.PROJECT_BUSY, ErrorCode.WORKSPACE_ERROR, ErrorCode.EXECUTION_UNAVAILABLE}
)


class _Restored(msgspec.Struct, frozen=True):
    success: bool
    newest: str | None = None


class _Deleted(msgspec.Struct, frozen=True):
    success: bool


@dataclass(frozen=True, slots=True)
class Verbs:
    """None is repeated here: whoever asks may do so, all are safe to ask again."""

    channel: Channel

    async def bundle(
        self, user_id: str, project_id: str, version: str
    ) -> AsyncGenerator[bytes, None]:
        """The git bundle of one version, in pieces. Close it with `aclosing`.

        Raises WORKSPACE_ERROR when there is no such version, EXECUTION_UNAVAILABLE when it cannot
        be read to its end. `version` is a commit hash.
        """
        query = {"user_id": user_id, "project_id": project_id, "version": version}
        missing = ErrorCode.WORKSPACE_ERROR
        try:
            async with (
                self.channel.open("GET", BUNDLE, query=query, missing=missing) as response,
                aclosing(
                    chunks(response.aiter_raw(), Patience(self.channel.limits.idle))
                ) as pieces,
            ):
                async for piece in pieces:
                    yield piece
        except TRANSIENT as broken:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from broken

    async def apply(
        self, user_id: str, project_id: str, files: Mapping[str, str], subject: str
    ) -> str | None:
        """See `Execution.apply`. An endpoint that tells no version answers None."""
        body = {
            "user_id": user_id,
            "project_id": project_id,
            "files": [{"path": path, "content": content} for path, content in files.items()],
            "commit_message": subject,
        }
        try:
            with anyio.fail_after(self.channel.limits.answer):
                ending = await self._written(msgspec.json.encode(body))
        except TRANSIENT as broken:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from broken
        except DreamCoreError as refused:
            if refused.code in _ABOUT_THE_WRITE:
                raise
            # It would not take these files as they are.
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR) from refused
        if isinstance(ending, Done):
            return ending.version
        busy = ending.code == ErrorCode.PROJECT_BUSY
        raise DreamCoreError(ErrorCode.PROJECT_BUSY if busy else ErrorCode.WORKSPACE_ERROR)

    async def _written(self, body: bytes) -> Done | Error:
        """How the write ended. Raises EXECUTION_UNAVAILABLE when it does not say."""
        async with (
            self.channel.open("POST", APPLY_FILES, body=body) as response,
            aclosing(read(response, RunView(), self.channel.limits)) as events,
        ):
            async for positioned in events:
                if isinstance(positioned.event, Done | Error):
                    return positioned.event
        raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)

    async def restore(self, user_id: str, project_id: str, version: str) -> str:
        """See `Execution.restore`."""
        body = {
            "action": "git_restore",
            "user_id": user_id,
            "project_id": project_id,
            "commit": version,
        }
        restored = await self._ask(APPLY_FILES, body, _Restored, ErrorCode.VERSION_NOT_FOUND)
        if not restored.success:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)
        if restored.newest is None:
            # An earlier endpoint, which makes no version of it: there is nothing to serve.
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
        return restored.newest

    async def delete_project(self, user_id: str, project_id: str) -> None:
        """See `Execution.delete_project`."""
        body = {"user_id": user_id, "project_id": project_id}
        missing = ErrorCode.EXECUTION_UNAVAILABLE
        if not (await self._ask(DELETE_PROJECT, body, _Deleted, missing)).success:
            raise DreamCoreError(ErrorCode.WORKSPACE_ERROR)

    async def _ask(
        self, route: str, body: Mapping[str, str], kind: type[Answer], missing: ErrorCode
    ) -> Answer:
        content = msgspec.json.encode(body)
        try:
            async with self.channel.open("POST", route, body=content, missing=missing) as response:
                with anyio.fail_after(self.channel.limits.answer):
                    return msgspec.json.decode(await response.aread(), type=kind)
        except TRANSIENT as broken:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from broken
        except (msgspec.MsgspecError, UnicodeDecodeError) as unreadable:
            raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from unreadable
