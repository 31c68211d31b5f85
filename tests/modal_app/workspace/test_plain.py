"""Single files of a directory where anything may lie."""

import os
from pathlib import Path

import pytest

from modal_app.workspace.plain import read_plain, remove_plain
from tests.modal_app.workspace.conftest import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    write_files(outside, {"file": "secret", "sub/file": "secret"})
    root = tmp_path / "root"
    write_files(root, {"file": "content", "sub/file": "inner", "plain": "x"})
    (root / "link").symlink_to(outside / "file")
    (root / "linked").symlink_to(outside / "sub")
    (root / "broken").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    return root


def test_a_file_is_read_up_to_the_limit(root: Path) -> None:
    assert read_plain(root, "file", 100) == b"content"
    assert read_plain(root, "sub/file", 3) == b"inn"


@pytest.mark.parametrize(
    "path", ["none", "sub", "none/file", "plain/file", "link", "linked/file", "broken", "pipe"]
)
def test_what_is_no_file_of_the_directory_is_none(root: Path, path: str) -> None:
    assert read_plain(root, path, 100) is None


def test_the_directory_itself_may_be_reached_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mount").symlink_to(root)
    assert read_plain(tmp_path / "mount", "sub/file", 100) == b"inner"
    remove_plain(tmp_path / "mount", "sub/file")
    assert not (root / "sub" / "file").exists()


@pytest.mark.parametrize("path", ["file", "sub", "sub/file", "link", "linked", "broken", "pipe"])
def test_whatever_lies_there_is_removed(root: Path, path: str) -> None:
    remove_plain(root, path)
    assert not os.path.lexists(root / path)
    assert (root.parent / "outside" / "file").read_text() == "secret"
    assert (root.parent / "outside" / "sub" / "file").read_text() == "secret"


@pytest.mark.parametrize("path", ["none", "none/file", "plain/file", "linked/file", "link/file"])
def test_where_nothing_of_ours_lies_nothing_is_removed(root: Path, path: str) -> None:
    remove_plain(root, path)
    assert (root.parent / "outside" / "sub" / "file").read_text() == "secret"
    assert (root / "plain").read_text() == "x"
