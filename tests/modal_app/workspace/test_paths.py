"""A path that a client names stays inside its project, or is refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modal_app.workspace.errors import FileMissing
from modal_app.workspace.paths import contained
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
    with pytest.raises(DreamCoreError, match="Invalid file path") as resolving:
        workspace.resolve(path)
    with pytest.raises(DreamCoreError, match="Invalid file path") as reading:
        await workspace.read(path)
    assert resolving.value.code is reading.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "a/b.js", "...", "..a", "%2e%2e", "~", "日本/語", ".gitignore"),
        *("game~1", ".gitkeep", ".github/x", "git", "gitmodules", ".gitmodules-old", "a~"),
    ],
)
async def test_such_a_path_is_a_file_of_the_project(workspace: Workspace, path: str) -> None:
    assert workspace.resolve(path) == workspace.directory / path
    with pytest.raises(FileMissing):
        await workspace.read(path)


async def test_a_link_that_leads_outside_is_refused(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    await workspace.commit(written({"a": "x"}), "first")
    (workspace.directory / "link").symlink_to(tmp_path)
    (workspace.directory / "up").symlink_to("../..")
    (workspace.directory / "loop").symlink_to("loop")
    for path in ("link", "link/x", "up/x"):
        with pytest.raises(DreamCoreError):
            workspace.resolve(path)
    assert workspace.resolve("loop/x").is_relative_to(workspace.directory)


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
        found = contained(root, path)
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
