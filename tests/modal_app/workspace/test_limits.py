"""A version that is too large is refused whole, and says why."""

from pathlib import Path

import pytest

from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.scan import WorkspaceLimits
from modal_app.workspace.store import FileChange
from modal_app.workspace.workspace import Workspace
from schema.errors import ErrorCode
from tests.modal_app.workspace.conftest import PROJECT, USER, Written

MEBIBYTE = 2**20


def sparse(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def many(directory: Path) -> None:
    for number in range(2_001):
        sparse(directory / f"{number % 7}" / f"{number}", 0)


def large(directory: Path) -> None:
    sparse(directory / "large", 20 * MEBIBYTE + 1)


def heavy(directory: Path) -> None:
    for number in range(3):
        sparse(directory / f"{number}", 17 * MEBIBYTE)


def deep(directory: Path) -> None:
    sparse(directory.joinpath(*["d"] * 40, "x"), 0)


def long_name(directory: Path) -> None:
    sparse(directory.joinpath(*["n" * 200] * 6, "x"), 0)


@pytest.mark.parametrize(
    ("make", "detail"),
    [(many, "2000 files"), (large, "20 MB"), (heavy, "50 MB"), (deep, "deep"), (long_name, "long")],
)
async def test_a_limit_names_itself_and_leaves_the_project_alone(
    workspace: Workspace, written: Written, make: object, detail: str
) -> None:
    version = await workspace.commit(written({"a": "x"}), "first")
    source = written({"a": "changed"})
    assert callable(make)
    make(source)
    with pytest.raises(WorkspaceFailed) as refused:
        await workspace.commit(source, "too much")
    assert refused.value.code is ErrorCode.WORKSPACE_ERROR
    assert detail in refused.value.message
    assert await workspace.head() == version
    assert await workspace.read("a") == b"x"


async def test_the_most_that_is_allowed_is_allowed(workspace: Workspace, written: Written) -> None:
    source = written({})
    for number in range(2):
        sparse(source / f"{number}", 20 * MEBIBYTE)
    sparse(source / "rest", 10 * MEBIBYTE)
    assert await workspace.commit(source, "full") is not None
    with pytest.raises(WorkspaceFailed):
        await workspace.apply([FileChange("one more", b"byte")], "over")


async def test_applied_changes_count_with_what_is_there(data_root: Path, written: Written) -> None:
    workspace = Workspace(data_root, USER, PROJECT, WorkspaceLimits(files=3, total_bytes=10))
    await workspace.commit(written({"a": "1", "b": "22"}), "first")
    with pytest.raises(WorkspaceFailed):
        await workspace.apply([FileChange("c", b"8 bytes.")], "too heavy")
    with pytest.raises(WorkspaceFailed):
        await workspace.apply([FileChange("c", b""), FileChange("d", b"")], "too many")
    replaced = [FileChange("a", None), FileChange("c", b"8 bytes.")]
    assert await workspace.apply(replaced, "fits") is not None
