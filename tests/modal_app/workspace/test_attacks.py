"""Whoever wrote the files, nothing in them is obeyed and nothing outside is touched."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from modal_app.workspace.errors import WorkspaceFailed
from modal_app.workspace.store import FileChange
from modal_app.workspace.workspace import Workspace
from schema.errors import DreamCoreError, ErrorCode
from tests.modal_app.workspace.conftest import Written, git, names, read_files, write_files

HOOKS = (
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-auto-gc",
    "pre-commit",
    "pre-push",
    "prepare-commit-msg",
    "reference-transaction",
    "update",
)

# Every setting of git that we know to name a program, a file to read or another repository.
SETTINGS = """
[core]
    fsmonitor = {program}
    hooksPath = {hooks}
    pager = {program}
    editor = {program}
    askPass = {program}
    sshCommand = {program}
    gitProxy = {program}
    alternateRefsCommand = {program}
    attributesFile = {attributes}
    autocrlf = true
    eol = crlf
    worktree = {elsewhere}
[include]
    path = {elsewhere}/config
[filter "evil"]
    clean = {program}
    smudge = {program}
    process = {program}
    required = true
[diff]
    external = {program}
[diff "evil"]
    command = {program}
    textconv = {program}
[merge "evil"]
    driver = {program}
[gpg]
    program = {program}
[commit]
    gpgSign = true
[log]
    showSignature = true
[gc]
    auto = 1
[uploadpack]
    packObjectsHook = {program}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[remote "origin"]
    url = ext::{program}
    promisor = true
    partialCloneFilter = blob:none
[extensions]
    partialClone = origin
"""
ATTRIBUTES = "* filter=evil diff=evil merge=evil text eol=crlf ident export-subst\n"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A program that leaves a trace when anybody runs it; this is the trace."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho run >> {tmp_path / 'canary'}\ncat\n")
    program.chmod(0o755)
    return tmp_path / "canary"


@pytest.fixture
def armed(workspace: Workspace, canary: Path, tmp_path: Path) -> Callable[[], None]:
    """Plants everything there is into the project's git directory."""

    def arm() -> None:
        program = tmp_path / "program"
        git_directory = workspace.directory / ".git"
        hooks = git_directory / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in HOOKS:
            (hooks / name).write_bytes(program.read_bytes())
            (hooks / name).chmod(0o755)
        write_files(tmp_path / "elsewhere", {"config": f"[core]\nfsmonitor={program}\n"})
        (git_directory / "info").mkdir(exist_ok=True)
        (git_directory / "info" / "attributes").write_text(ATTRIBUTES)
        (git_directory / "objects" / "info").mkdir(exist_ok=True)
        (git_directory / "objects" / "info" / "alternates").write_text(f"{tmp_path}/elsewhere\n")
        with (git_directory / "config").open("a") as config:
            config.write(
                SETTINGS.format(
                    program=program,
                    hooks=hooks,
                    attributes=git_directory / "info" / "attributes",
                    elsewhere=tmp_path / "elsewhere",
                )
            )

    return arm


async def test_a_hostile_repository_runs_nothing(
    workspace: Workspace,
    written: Written,
    canary: Path,
    armed: Callable[[], None],
    tmp_path: Path,
) -> None:
    write_files(workspace.directory, {".gitattributes": ATTRIBUTES, "a": "one\n$Id$\n"})
    git(workspace.directory, "init", "--quiet", "-b", "master")
    git(workspace.directory, "add", "-A")
    git(workspace.directory, "commit", "--quiet", "-m", "by an older system")
    armed()
    assert await workspace.files() == ["a"]
    first = (await workspace.history(5))[0].hash
    armed()
    files = {".gitattributes": ATTRIBUTES, "a": "two\n$Id$\n"}
    second = await workspace.commit(written(files), "second")
    assert second is not None
    armed()
    await workspace.apply([FileChange("b", b"x")], "third")
    armed()
    assert "+two" in await workspace.diff(second)
    armed()
    await workspace.bundle(second, tmp_path / "bundle")
    armed()
    await workspace.restore(first)
    armed()
    await workspace.checkout(tmp_path / "out")
    assert read_files(tmp_path / "out") == {"a": "one\n$Id$\n"}
    assert await workspace.read("a") == b"one\n$Id$\n"
    assert "canary" not in names(tmp_path)
    assert "hooks" not in names(workspace.directory / ".git")


async def test_the_canary_would_have_sung(
    workspace: Workspace, canary: Path, armed: Callable[[], None], tmp_path: Path
) -> None:
    """The trap of the other test is one: an unguarded git falls into it."""
    write_files(workspace.directory, {".gitattributes": ATTRIBUTES, "a": "x"})
    git(workspace.directory, "init", "--quiet")
    armed()
    git(workspace.directory, "-c", f"core.worktree={workspace.directory}", "status")
    assert "canary" in names(tmp_path)


async def test_a_nested_repository_is_left_out(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    source = written(
        {
            "index.html": "x",
            ".git": "gitdir: /etc",
            "sub/.git/config": "[core]",
            "sub/.GIT/hooks/post-checkout": "#!/bin/sh",
            "sub/git~1/config": "x",
            "sub/.git ./config": "x",
            "sub/.g\u200cit/config": "x",
            "sub/.claude/settings.json": "{}",
            "sub/game.js": "y",
            "sub/.gitattributes": "* -text",
            ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = ext::sh -c touch% canary\n',
            ".gitignore": "*\n",
        }
    )
    await workspace.commit(source, "nested")
    await workspace.checkout(tmp_path / "out")
    kept = {"index.html", "sub/game.js", ".gitignore"}
    assert set(read_files(tmp_path / "out")) == kept


async def test_only_regular_files_are_taken(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    write_files(secret, {"key": "value"})
    source = written({"index.html": "x"})
    (source / "file").symlink_to(secret / "key")
    (source / "directory").symlink_to(secret)
    (source / "inside").symlink_to("index.html")
    (source / "loop").symlink_to("loop")
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(source / "socket"))
        await workspace.commit(source, "links")
    assert await workspace.files() == ["index.html"]


async def test_a_link_in_place_of_the_source_is_not_an_empty_project(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    await workspace.commit(written({"a": "x"}), "first")
    (tmp_path / "link").symlink_to(tmp_path)
    for source in (tmp_path / "link", tmp_path / "missing", tmp_path / "program"):
        with pytest.raises(WorkspaceFailed):
            await workspace.commit(source, "gone")
    assert await workspace.files() == ["a"]


async def test_links_in_an_older_version_are_never_made(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    write_files(tmp_path / "outside", {"key": "value"})
    write_files(workspace.directory, {"a": "x"})
    (workspace.directory / "out").symlink_to(tmp_path / "outside")
    git(workspace.directory, "init", "--quiet")
    git(workspace.directory, "add", "-A")
    git(workspace.directory, "commit", "--quiet", "-m", "with a link")
    linked = git(workspace.directory, "rev-parse", "HEAD").strip()
    await workspace.restore(linked)
    await workspace.apply([FileChange("out/key", b"changed")], "through the link")
    await workspace.checkout(tmp_path / "copy")
    assert read_files(tmp_path / "copy") == {"a": "x", "out/key": "changed"}
    assert read_files(workspace.directory) == {"a": "x", "out/key": "changed"}
    assert read_files(tmp_path / "outside") == {"key": "value"}


async def test_links_planted_in_the_project_directory_are_replaced_not_followed(
    workspace: Workspace, written: Written, tmp_path: Path
) -> None:
    write_files(tmp_path / "outside", {"index.html": "theirs"})
    await workspace.commit(written({"index.html": "1", "d/index.html": "1"}), "first")
    (workspace.directory / "index.html").unlink()
    (workspace.directory / "index.html").symlink_to(tmp_path / "outside" / "index.html")
    (workspace.directory / "d" / "index.html").unlink()
    (workspace.directory / "d").rmdir()
    (workspace.directory / "d").symlink_to(tmp_path / "outside")
    await workspace.commit(written({"index.html": "2", "d/index.html": "2"}), "second")
    assert read_files(workspace.directory) == {"index.html": "2", "d/index.html": "2"}
    assert read_files(tmp_path / "outside") == {"index.html": "theirs"}


@pytest.mark.parametrize(
    "place",
    [".", ".git", ".git/refs", ".git/refs/versions", ".git/objects", "../../projects"],
)
async def test_a_link_in_place_of_our_own_directories_is_refused(
    workspace: Workspace, written: Written, tmp_path: Path, place: str
) -> None:
    await workspace.commit(written({"a": "x"}), "first")
    directory = (workspace.directory / place).resolve()
    directory.rename(tmp_path / "moved")
    directory.symlink_to(tmp_path / "moved")
    before = names(tmp_path / "moved")
    for operation in (workspace.files(), workspace.commit(written({"b": "x"}), "second")):
        with pytest.raises(DreamCoreError) as refused:
            await operation
        assert refused.value.code is ErrorCode.WORKSPACE_ERROR
    assert names(tmp_path / "moved") == before
