"""Git is started with nothing that it was not given, and never for long."""

from pathlib import Path

import pytest

from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.git import Git, GitFailed
from modal_app.workspace.workspace import Workspace
from tests.modal_app.workspace.conftest import Written, git, names, write_files


async def test_the_environment_of_the_process_does_not_reach_it(
    workspace: Workspace, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path / "home", {".gitconfig": "[user]\n\tname = from home\n[broken"})
    hostile = {
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "home"),
        "GIT_DIR": str(tmp_path / "home"),
        "GIT_WORK_TREE": str(tmp_path / "home"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_AUTHOR_NAME": "from the environment",
        "GIT_COMMITTER_NAME": "from the environment",
        "GIT_CONFIG_COUNT": "broken",
        "GIT_TRACE2": str(tmp_path / "trace"),
        "GIT_EXEC_PATH": str(tmp_path / "home"),
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    first = await workspace.commit(written({"a": "1"}), "first")
    assert first is not None
    await workspace.commit(written({"a": "2"}), "second")
    await workspace.restore(first)
    ident = "%an <%ae>|%cn <%ce>"
    told = git(workspace.directory, "log", f"--format={ident}").splitlines()
    ours = "Game Creator <gamecreator@dreamcore.app>"
    assert told == [f"{ours}|{ours}"] * 3
    assert names(tmp_path) == ["data", "home", "source-0", "source-1"]


async def test_a_git_that_does_not_end_is_ended(workspace: Workspace, written: Written) -> None:
    await workspace.commit(written({"a": "1"}), "first")
    repository = Git(workspace.directory / ".git")
    with (
        pytest.raises(GitFailed) as killed,
        repository.opened("cat-file", "--batch", timeout=0.2) as (_, reader),
    ):
        assert reader.read() == b""
    assert killed.value.status == -9


async def test_more_output_than_asked_for_is_a_failure(
    workspace: Workspace, written: Written
) -> None:
    version = await workspace.commit(written({"a": "x" * 10_000}), "first")
    assert version is not None
    repository = Git(workspace.directory / ".git")
    with pytest.raises(WorkspaceFailed, match="too large"):
        repository.run("diff-tree", "--root", "-p", version, limit=1_000)


async def test_a_damaged_history_is_a_failed_workspace(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    await workspace.commit(written({"a": "1"}), "first")
    (workspace.directory / ".git" / "objects").rename(tmp_path / "lost")
    with pytest.raises(WorkspaceFailed) as failed:
        await workspace.commit(written({"a": "2"}), "second")
    assert str(tmp_path) not in failed.value.message
