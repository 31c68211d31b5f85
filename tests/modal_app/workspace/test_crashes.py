"""A crash at any moment loses nothing that was reported, and is mended by the next use."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import IO

import anyio
import anyio.lowlevel
import pytest

from modal_app.workspace.errors import WorkspaceBusy
from modal_app.workspace.fast_import import Change
from modal_app.workspace.repository import Repository
from modal_app.workspace.workspace import Workspace
from tests.modal_app.workspace.conftest import (
    PROJECT,
    USER,
    Written,
    git,
    names,
    read_files,
    write_files,
)

ROOT = Path(__file__).parents[3]

_COMMITS = """
import asyncio, sys
from pathlib import Path
from modal_app.workspace.workspace import Workspace

async def main():
    root, source = Path(sys.argv[1]), Path(sys.argv[2])
    workspace = Workspace(root, sys.argv[3], sys.argv[4])
    with workspace.lock():
        for number in range(1_000):
            for name in range(12):
                (source / f"{name}").write_text(f"{number} {name}")
            print(await workspace.commit(source, str(number)), number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("reported", [0, 1, 2, 4])
async def test_a_killed_writer_leaves_a_whole_version(
    workspace: Workspace, data_root: Path, written: Written, reported: int
) -> None:
    source = written({})
    versions = _kill_after(reported, data_root, source)
    async with _lock_soon(workspace):
        await workspace.commit(source, "after the crash")
    history = [commit.hash for commit in await workspace.history(1_000)]
    assert history[:1] == [version for version in [await workspace.head()] if version]
    assert set(versions) <= set(history)
    assert read_files(workspace.directory) == read_files(source)
    git(workspace.directory, "fsck", "--strict")
    left = [name for name in names(workspace.directory / ".git") if name.endswith(".lock")]
    assert left == ["dreamcore.lock"]


@asynccontextmanager
async def _lock_soon(workspace: Workspace) -> AsyncIterator[None]:
    """A git that the dead process was just starting may hold on to the lock for a moment."""
    with ExitStack() as stack:
        with anyio.fail_after(60):
            while True:
                try:
                    stack.enter_context(workspace.lock())
                    break
                except WorkspaceBusy:
                    await anyio.lowlevel.checkpoint()
        yield


def _kill_after(reported: int, data_root: Path, source: Path) -> list[str]:
    """Commit in another process that dies by SIGKILL, in the middle of whatever it does then."""
    with subprocess.Popen(
        [sys.executable, "-c", _COMMITS, str(data_root), str(source), USER, PROJECT],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT)},
        text=True,
    ) as writer:
        assert writer.stdout is not None
        versions = [writer.stdout.readline().split()[0] for _ in range(reported)]
        writer.send_signal(signal.SIGKILL)
    return versions


async def test_a_version_that_the_branch_never_got_is_not_there(
    workspace: Workspace, written: Written
) -> None:
    """As after a crash between writing the objects and moving the branch."""
    first = await workspace.commit(written({"a": "1"}), "first")
    repository = Repository(workspace.directory / ".git")
    draft = repository.draft(first, [Change("a", b"2")], "lost", whole=True)
    assert await workspace.head() == first
    assert await workspace.read("a") == b"1"
    second = await workspace.commit(written({"a": "3"}), "second")
    assert [commit.hash for commit in await workspace.history(9)] == [second, first]
    assert draft.ref not in git(workspace.directory, "for-each-ref")


async def test_files_behind_the_branch_are_brought_up_to_it(
    workspace: Workspace, written: Written
) -> None:
    """As after a crash between moving the branch and writing the files."""
    first = await workspace.commit(written({"a": "1", "gone": "x"}), "first")
    repository = Repository(workspace.directory / ".git")
    draft = repository.draft(first, [Change("a", b"2")], "second", whole=True)
    repository.publish(draft.commit, first)
    assert read_files(workspace.directory) == {"a": "1", "gone": "x"}
    assert await workspace.read("a") == b"2"
    assert read_files(workspace.directory) == {"a": "2"}


async def test_the_branch_moves_only_from_where_the_work_began(
    workspace: Workspace, written: Written
) -> None:
    first = await workspace.commit(written({"a": "1"}), "first")
    second = await workspace.commit(written({"a": "2"}), "second")
    repository = Repository(workspace.directory / ".git")
    draft = repository.draft(first, [Change("a", b"3")], "late", whole=True)
    with pytest.raises(Exception, match="WORKSPACE_ERROR"):
        repository.publish(draft.commit, first)
    assert await workspace.head() == second


async def test_locks_of_a_killed_git_do_not_last(workspace: Workspace, written: Written) -> None:
    await workspace.commit(written({"a": "1"}), "first")
    write_files(
        workspace.directory / ".git",
        {"HEAD.lock": "", "refs/heads/main.lock": "", "packed-refs.lock": "", "config.lock": ""},
    )
    assert await workspace.commit(written({"a": "2"}), "second") is not None


async def test_a_git_that_was_killed_while_it_kept_a_version_does_not_lock_it_for_ever(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    version = await workspace.commit(written({"a": "1"}), "first")
    assert version is not None
    write_files(workspace.directory / ".git" / "refs" / "versions", {f"{version}.lock": ""})
    await workspace.bundle(version, tmp_path / "bundle")
    assert (tmp_path / "bundle").exists()


async def test_a_version_of_an_older_system_is_not_locked_for_ever_either(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    write_files(workspace.directory, {"a": "1"})
    git(workspace.directory, "init", "--quiet", "-b", "main")
    git(workspace.directory, "add", "-A")
    git(workspace.directory, "commit", "--quiet", "-m", "old")
    old = git(workspace.directory, "rev-parse", "HEAD").strip()
    write_files(workspace.directory / ".git" / "refs" / "versions", {f"{old}.lock": ""})
    await workspace.commit(written({"a": "2"}), "second")
    await workspace.bundle(old, tmp_path / "bundle")
    assert (tmp_path / "bundle").exists()


@pytest.mark.parametrize("branch", ["master", "main", "other/name"])
async def test_an_older_systems_project_is_taken_over_with_its_changes(
    workspace: Workspace, branch: str
) -> None:
    write_files(workspace.directory, {"a": "1"})
    git(workspace.directory, "init", "--quiet", "-b", branch)
    git(workspace.directory, "add", "-A")
    git(workspace.directory, "commit", "--quiet", "-m", "old")
    write_files(workspace.directory, {"b": "not committed"})
    assert await workspace.files() == ["a", "b"]
    assert [c.subject for c in await workspace.history(9)] == [
        "Changes found in the project",
        "old",
    ]
    assert git(workspace.directory, "symbolic-ref", "HEAD").strip() == "refs/heads/main"


async def test_files_without_a_history_get_one(workspace: Workspace) -> None:
    write_files(workspace.directory, {"index.html": "old"})
    subjects = [commit.subject for commit in await workspace.history(9)]
    assert subjects == ["Initial commit (auto-initialized)"]
    assert await workspace.read("index.html") == b"old"


async def test_a_history_without_files_is_not_a_deletion(workspace: Workspace) -> None:
    write_files(workspace.directory, {"a": "1"})
    git(workspace.directory, "init", "--quiet")
    git(workspace.directory, "add", "-A")
    git(workspace.directory, "commit", "--quiet", "-m", "old")
    (workspace.directory / "a").unlink()
    assert await workspace.files() == ["a"]
    assert read_files(workspace.directory) == {"a": "1"}


async def test_one_writer_at_a_time(
    workspace: Workspace, data_root: Path, written: Written
) -> None:
    other = Workspace(data_root, USER, PROJECT)
    with workspace.lock():
        first = await workspace.commit(written({"a": "1"}), "mine")
        for refused in (other.commit(written({"a": "2"}), "x"), other.restore("abcdef1")):
            with pytest.raises(WorkspaceBusy):
                await refused
        with pytest.raises(WorkspaceBusy), other.lock():
            pass
        with pytest.raises(WorkspaceBusy), workspace.lock():
            pass
        assert await other.head() == first
        assert await other.read("a") == b"1"
    with other.lock():
        assert await other.commit(written({"a": "3"}), "theirs") is not None
    assert await workspace.read("a") == b"3"


async def test_the_lock_outlives_a_caller_that_was_cancelled_while_it_wrote(
    workspace: Workspace, data_root: Path, written: Written, tmp_path: Path
) -> None:
    await workspace.commit(written({"a": "1"}), "first")
    bundle = tmp_path / "bundle"
    os.mkfifo(bundle)
    tries: list[bool] = []

    def feed(pipe: IO[bytes]) -> None:
        """Another wants the lock while git still waits for its bundle."""
        with pipe:
            for _ in range(500):
                try:
                    with Workspace(data_root, USER, PROJECT).lock():
                        tries.append(True)
                except WorkspaceBusy:
                    tries.append(False)

    with workspace.lock():
        async with asyncio.TaskGroup() as group:
            seeding = group.create_task(workspace.seed(bundle))
            pipe = await asyncio.to_thread(bundle.open, "wb")
            seeding.cancel()
        rival = Thread(target=feed, args=(pipe,))
        rival.start()
    rival.join()
    assert tries == [False] * 500


async def test_the_lock_holds_between_processes(
    workspace: Workspace, data_root: Path, written: Written
) -> None:
    source = written({})
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", _COMMITS, str(data_root), str(source), USER, PROJECT],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT)},
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline()
        with pytest.raises(WorkspaceBusy), workspace.lock():
            pass
        assert len(await workspace.files()) == 12
        holder.kill()
    async with _lock_soon(workspace):
        pass
