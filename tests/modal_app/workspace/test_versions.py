"""A project's files go in and come out unchanged, and every version stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from modal_app.workspace.errors import CommitMissing, FileMissing, WorkspaceFailed
from modal_app.workspace.store import FileChange
from modal_app.workspace.workspace import Workspace
from schema.errors import DreamCoreError, ErrorCode
from tests.modal_app.workspace.conftest import PROJECT, USER, Written, git, names, read_files

GAME = {"index.html": "<p>1</p>", "assets/a b.json": "{}"}


async def test_a_project_without_a_version_is_empty_and_reading_makes_nothing(
    workspace: Workspace, data_root: Path, tmp_path: Path
) -> None:
    assert await workspace.files() == []
    assert await workspace.history(10) == []
    assert await workspace.head() is None
    assert await workspace.checkout(tmp_path / "out") is None
    assert read_files(tmp_path / "out") == {}
    with pytest.raises(FileMissing):
        await workspace.read("index.html")
    assert names(data_root.parent) == ["out"]


async def test_what_is_committed_is_checked_out_again(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    version = await workspace.commit(written(GAME), "first")
    assert version is not None
    assert len(version) == 40
    assert await workspace.checkout(tmp_path / "out") == version
    assert read_files(tmp_path / "out") == GAME
    assert not (tmp_path / "out" / ".git").exists()
    assert read_files(workspace.directory) == GAME
    assert git(workspace.directory, "rev-parse", "main").strip() == version


async def test_nothing_changed_is_no_version(workspace: Workspace, written: Written) -> None:
    assert await workspace.commit(written({}), "nothing at all") is None
    first = await workspace.commit(written(GAME), "first")
    assert await workspace.commit(written(GAME), "again") is None
    assert [commit.hash for commit in await workspace.history(10)] == [first]


async def test_a_file_that_is_gone_from_the_source_is_gone(
    workspace: Workspace, written: Written
) -> None:
    await workspace.commit(written(GAME), "first")
    await workspace.commit(written({"assets": "now a file"}), "second")
    assert await workspace.files() == ["assets"]
    assert read_files(workspace.directory) == {"assets": "now a file"}
    assert await workspace.commit(written({}), "cleared") is not None
    assert read_files(workspace.directory) == {}


@pytest.mark.parametrize(
    "name",
    [
        "日本語/ゲーム.js",
        "-rf",
        "a\nb",
        "q\"u'o",
        "back\\slash",
        "tab\t|x",
        "e\u0301.txt",
        "*",
        "a:b",
        " ",
    ],
)
async def test_unusual_names_survive(
    workspace: Workspace, written: Written, tmp_path: Path, name: str
) -> None:
    await workspace.commit(written({name: "x", "other": "y"}), "names")
    await workspace.checkout(tmp_path / "out")
    assert read_files(tmp_path / "out") == {name: "x", "other": "y"}
    assert await workspace.files() == sorted([name, "other"])


async def test_names_and_contents_that_are_no_text_survive(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    source = written({})
    name, data = os.fsdecode(b"\xff\xfe"), bytes(range(256)) * 1_000 + b"\r\n"
    (source / name).write_bytes(data)
    await workspace.commit(source, "bytes")
    await workspace.checkout(tmp_path / "out")
    assert (tmp_path / "out" / name).read_bytes() == data
    assert await workspace.files() == []


async def test_modes_are_two(workspace: Workspace, written: Written, tmp_path: Path) -> None:
    source = written({"run.sh": "#!", "page.html": "<p>"})
    (source / "run.sh").chmod(0o4777)
    (source / "page.html").chmod(0o600)
    await workspace.commit(source, "modes")
    await workspace.checkout(tmp_path / "out")
    for directory in (tmp_path / "out", workspace.directory):
        assert (directory / "run.sh").stat().st_mode & 0o7777 == 0o755
        assert (directory / "page.html").stat().st_mode & 0o7777 == 0o644


async def test_hidden_files_are_kept_but_not_listed(workspace: Workspace, written: Written) -> None:
    await workspace.commit(written({".style-pending.json": "{}", "a/.b": "", "c": ""}), "hidden")
    assert await workspace.files() == ["c"]
    assert await workspace.read(".style-pending.json") == b"{}"


async def test_history_is_told_newest_first_whatever_the_subjects_hold(
    workspace: Workspace, written: Written
) -> None:
    subjects = ["a | b|c", "two\nlines\0and more", "", "日本語" * 200, "\ud800 %H %x00"]
    for number, subject in enumerate(subjects):
        await workspace.commit(written({"n": str(number)}), subject)
    history = await workspace.history(50)
    assert [commit.subject for commit in reversed(history)] == [
        "a | b|c",
        "two lines and more",
        "Update",
        ("日本語" * 200)[:200],
        "? %H %x00",
    ]
    assert len({commit.hash for commit in history}) == len(subjects)
    assert all(datetime.now(UTC) - commit.at < timedelta(minutes=5) for commit in history)
    assert await workspace.history(2) == history[:2]


async def test_a_diff_tells_what_a_version_changed(workspace: Workspace, written: Written) -> None:
    first = await workspace.commit(written({"a": "one\n"}), "first")
    second = await workspace.commit(written({"a": "two\n"}), "second")
    assert first is not None
    assert second is not None
    assert "+one" in await workspace.diff(first)
    changed = await workspace.diff(second[:7])
    assert "-one" in changed
    assert "+two" in changed


@pytest.mark.parametrize("commit", ["0" * 40, "abcdef1", "main", "HEAD", "-x", "", "g" * 40])
async def test_an_unknown_version_is_not_found(
    workspace: Workspace, written: Written, commit: str, tmp_path: Path
) -> None:
    await workspace.commit(written(GAME), "first")
    for operation in (
        workspace.diff(commit),
        workspace.restore(commit),
        workspace.bundle(commit, tmp_path / "bundle"),
    ):
        with pytest.raises(CommitMissing):
            await operation
    assert not (tmp_path / "bundle").exists()


async def test_a_restore_is_a_new_version_with_the_old_files(
    workspace: Workspace, written: Written
) -> None:
    first = await workspace.commit(written(GAME), "first")
    second = await workspace.commit(written({"other": "x"}), "second")
    assert first is not None
    assert second is not None
    restored = await workspace.restore(first)
    assert restored not in (None, first, second)
    assert read_files(workspace.directory) == GAME
    assert [commit.hash for commit in await workspace.history(9)] == [restored, second, first]
    assert await workspace.restore(first) is None


async def test_changes_are_applied_together(workspace: Workspace, written: Written) -> None:
    await workspace.commit(written({"a": "1", "d/e": "2", "keep": "3"}), "first")
    changes = [
        FileChange("d", b"a file now"),
        FileChange("d/e", None),
        FileChange("new/deep", b"\0"),
        FileChange("a", b"changed"),
        FileChange("never/was", None),
    ]
    assert await workspace.apply(changes, "apply") == await workspace.head()
    assert read_files(workspace.directory) == {
        "d": "a file now",
        "new/deep": "\0",
        "a": "changed",
        "keep": "3",
    }
    assert await workspace.apply(changes[3:], "again") is None


@pytest.mark.parametrize(
    "bad",
    [
        FileChange("../out", b""),
        FileChange(".git/config", b""),
        FileChange("a", b"twice"),
        FileChange("a/below", b"a file is no directory"),
        FileChange("d", b"a directory is no file"),
        FileChange("x" * 2_000, None),
    ],
)
async def test_one_bad_change_and_nothing_is_written(
    workspace: Workspace, written: Written, bad: FileChange
) -> None:
    version = await workspace.commit(written({"d/e": "2"}), "first")
    with pytest.raises(DreamCoreError) as refused:
        await workspace.apply([FileChange("a", b"good"), bad], "apply")
    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert await workspace.head() == version
    assert read_files(workspace.directory) == {"d/e": "2"}


async def test_a_bundle_holds_one_version_with_its_history(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    first = await workspace.commit(written(GAME), "first")
    second = await workspace.commit(written({"index.html": "2"}), "second")
    await workspace.commit(written({"index.html": "3"}), "third")
    assert second is not None
    bundle = tmp_path / "version.bundle"
    await workspace.bundle(second, bundle)
    git(tmp_path, "init", "--bare", "--quiet", "mirror")
    git(tmp_path / "mirror", "fetch", "--quiet", str(bundle), "refs/versions/*:refs/versions/*")
    found = git(tmp_path / "mirror", "for-each-ref", "--format=%(refname)").split()
    assert found == [f"refs/versions/{second}"]
    assert git(tmp_path / "mirror", "rev-list", second).split() == [second, first]
    assert [name for name in names(tmp_path) if "bundle" in name] == ["version.bundle"]


async def test_a_bundle_carries_a_project_elsewhere_and_on(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    first = await workspace.commit(written(GAME), "first")
    second = await workspace.commit(written({"a": "2"}), "second")
    assert first is not None
    assert second is not None
    elsewhere = Workspace(tmp_path / "elsewhere", USER, PROJECT)
    for version in (first, second, first):
        await workspace.bundle(version, tmp_path / "bundle")
        assert await elsewhere.seed(tmp_path / "bundle") == version
    assert await elsewhere.history(9) == await workspace.history(9)
    assert read_files(elsewhere.directory) == {"a": "2"}


async def test_a_bundle_of_another_project_changes_nothing(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    version = await workspace.commit(written(GAME), "first")
    other = Workspace(tmp_path / "other", USER, PROJECT)
    theirs = await other.commit(written({"a": "theirs"}), "theirs")
    assert theirs is not None
    await other.bundle(theirs, tmp_path / "bundle")
    (tmp_path / "damaged").write_bytes((tmp_path / "bundle").read_bytes()[:-30])
    for name in ("bundle", "damaged", "missing"):
        with pytest.raises(WorkspaceFailed):
            await workspace.seed(tmp_path / name)
    assert await workspace.head() == version
    assert read_files(workspace.directory) == GAME


async def test_every_version_is_kept_by_a_ref_of_its_own(
    workspace: Workspace, written: Written
) -> None:
    versions = {await workspace.commit(written({"n": str(n)}), "v") for n in range(3)}
    refs = git(workspace.directory, "for-each-ref", "--format=%(refname)").split()
    assert set(refs) == {"refs/heads/main"} | {f"refs/versions/{hash}" for hash in versions}


async def test_projects_do_not_share_anything(data_root: Path, written: Written) -> None:
    mine = Workspace(data_root, USER.upper(), PROJECT)
    other = Workspace(data_root, PROJECT, USER)
    version = await mine.commit(written(GAME), "mine")
    assert version is not None
    with pytest.raises(CommitMissing):
        await other.diff(version)
    assert await other.files() == []
    assert mine.directory == data_root / "users" / USER / "projects" / PROJECT
