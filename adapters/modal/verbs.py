"""Requests about a project that are answered once: restoring a version, deleting the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import anyio
import msgspec

from adapters.modal.channel import TRANSIENT, Channel
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import APPLY_FILES, DELETE_PROJECT

Answer = TypeVar("Answer")


class _Restored(msgspec.Struct, frozen=True):
    success: bool
    newest: str | None = None


class _Deleted(msgspec.Struct, frozen=True):
    success: bool


@dataclass(frozen=True, slots=True)
class Verbs:
    """Neither is repeated here: whoever asks may do so, both are safe to ask again."""

    channel: Channel

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
