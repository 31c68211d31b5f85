"""What the agent's file tools have done: calls that were carried out, not those it tried. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from modal_app.agents.claude.lines import Block
from modal_app.ports import Edited, Wrote

FileCall = Wrote | Edited


class FileCalls:
    """The calls of Write and Edit of one run, told when their result is known."""

    def __init__(self) -> None:
        self._open: dict[str, FileCall] = {}

    def begin(self, block: Block, path: str | None) -> None:
        """The model asks for a tool; `path` is the file in the workspace that it names."""
        call = _file_call(block.name, path, block.input or {}) if path is not None else None
        if call is not None and block.id is not None:
            self._open[block.id] = call

    def end(self, blocks: Iterable[Block]) -> list[FileCall]:
        """The calls that these results say were carried out."""
        done = []
        for block in blocks:
            call = self._open.pop(block.tool_use_id or "", None)
            if call is not None and not block.is_error:
                done.append(call)
        return done


def _file_call(tool: str | None, path: str, arguments: Mapping[str, Any]) -> FileCall | None:
    match tool, arguments:
        case "Write", {"content": str(content)}:
            return Wrote(path, content)
        case "Edit", {"old_string": str(old), "new_string": str(new)}:
            return Edited(path, old, new, arguments.get("replace_all") is True)
    return None
