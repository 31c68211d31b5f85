"""A path that a client names stays inside its project, or is refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modal_app.workspace.errors import FileMissing
from modal_app.workspace.paths import parse_path
from modal_app.workspace.store import FileChange
from modal_app.workspace.workspace import Workspace
from schema.errors import DreamCoreError, ErrorCode
from tests.modal_app.workspace.conftest import PROJECT, USER, Written

REFUSED = [
    "",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    ".",
    "..",
    "../x",
    "a/../../x",
    "a/..",
    "a/./b",
    "./a",
    "a//b",
    "a/",
    "a\0b",
    "a\\b",
    "..\\..\\x",
    "C:\\x",
    ".git",
    ".git/config",
    "a/.git/config",
    ".GIT/config",
    ".Git /x",
    ".git./x",
    ".git::$INDEX_ALLOCATION/x",
    "git~1/config",
    ".g\u200dit/config",
    ".claude/settings.json",
    ".gitmodules",
    "a/.GitModules",
    ".gitmodules ./x",
    ".gitmodules:x",
    ".gitmod\u200cules",
    "GITMOD~3",
    "gi7eba~1",
    "g~123456",
    ".gitattributes",
    "gitatt~1",
    "\ud800",
    "x" * 256,
    "あ" * 86,
    "/".join(["a"] * 33),
    "/".join(["x" * 200] * 6),
    None,
    7,
    b"a",
    ["a"],
]


@pytest.mark.parametrize("path", REFUSED)
async def test_such_a_path_is_refused(workspace: Workspace, path: Any) -> None:
    for operation in (workspace.read(path), workspace.apply([FileChange(path, b"x")], "bad")):
        with pytest.raises(DreamCoreError, match="Invalid file path") as refused:
            await operation
        assert refused.value.code is ErrorCode.INVALID_INPUT
    assert await workspace.head() is None


@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "a/b.js", "...", "..a", "%2e%2e", "~", "日本/語", ".gitignore"),
        *("game~1", ".gitkeep", ".github/x", "git", "gitmodules", ".gitmodules-old", "a~"),
    ],
)
async def test_such_a_path_is_a_file_of_the_project(workspace: Workspace, path: str) -> None:
    with pytest.raises(FileMissing):
        await workspace.read(path)
    await workspace.apply([FileChange(path, b"x")], "good")
    assert (workspace.directory / path).read_bytes() == await workspace.read(path) == b"x"


async def test_a_directory_is_no_file(workspace: Workspace, written: Written) -> None:
    await workspace.commit(written({"a/b": "x"}), "first")
    for path in ("a", "a/b/c"):
        with pytest.raises(FileMissing):
            await workspace.read(path)


@given(st.lists(st.sampled_from(["..", ".", "", "a", "/", "\\", "\0", ".git", "b"]), max_size=6))
def test_no_combination_escapes(names: list[str]) -> None:
    root = Path("/nonexistent/root")
    path = "/".join(names)
    try:
        found = root / parse_path(path)
    except DreamCoreError:
        return
    assert found.is_relative_to(root)
    assert found != root
    assert ".." not in found.parts


@pytest.mark.parametrize("bad", ["", "x", "../../etc", f"{USER}\n", f"{{{USER}}}", None, 7])
def test_identifiers_are_uuids(data_root: Path, bad: Any) -> None:
    for user, project in ((bad, PROJECT), (USER, bad)):
        with pytest.raises(DreamCoreError) as refused:
            Workspace(data_root, user, project)
        assert refused.value.code is ErrorCode.INVALID_INPUT
