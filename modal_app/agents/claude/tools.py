"""How the agent's tool calls are told to users. Pure."""

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

MAX_PATH_CHARACTERS: Final = 512
_MAX_NAME_CHARACTERS: Final = 64

_WITH_PATH: Final = {
    "Write": "{} を書いています",
    "Edit": "{} を編集しています",
    "Read": "{} を読んでいます",
}
_WITHOUT_PATH: Final = {
    "Write": "ファイルを書いています",
    "Edit": "ファイルを編集しています",
    "Read": "ファイルを読んでいます",
    "Glob": "ファイルを探しています",
    "Grep": "コードを検索しています",
}
_OTHER: Final = "ツールを使っています"
_PATH_ARGUMENTS: Final = ("file_path", "notebook_path", "path")


def describe(tool: str, path: str | None) -> str:
    """One line about a tool at work."""
    if path is not None and tool in _WITH_PATH:
        return _WITH_PATH[tool].format(path)
    return _WITHOUT_PATH.get(tool, _OTHER)


def tool_name(name: str | None) -> str:
    """The tool's name; it comes from the model, hence the bound."""
    return (name or "unknown")[:_MAX_NAME_CHARACTERS]


def workspace_path(arguments: Mapping[str, Any] | None, roots: Iterable[str]) -> str | None:
    """The file that a call names, relative to the workspace; None when none, or one outside.

    `roots` are the absolute names of the workspace, as we and as the agent call it.
    """
    named = ((arguments or {}).get(argument) for argument in _PATH_ARGUMENTS)
    given = next((value for value in named if isinstance(value, str) and value), None)
    if given is None or len(given) > MAX_PATH_CHARACTERS or not given.isprintable():
        return None
    path = PurePosixPath(posixpath.normpath(given))
    if path.is_absolute():
        inside = (path.relative_to(root) for root in roots if path.is_relative_to(root))
        path = next(inside, PurePosixPath(".."))
    return None if path == PurePosixPath(".") or ".." in path.parts else str(path)
