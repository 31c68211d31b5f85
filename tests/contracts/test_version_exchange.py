"""Every version that execution commits, the gateway's mirror receives: whatever its files are."""

import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mirror.mirror import GitMirror
from modal_app.workspace.scan import WorkspaceLimits
from modal_app.workspace.workspace import Workspace
from schema.identifiers import random_uuid
from tests.adapters.mirror.bundles import pieces

# Git reads this in `.gitmodules` as a submodule that leaves the repository, and in
# `.gitattributes` as a line that is too long.
HOSTILE = b'[submodule "../../x"]\n\tpath = -x\n\turl = ' + b"-" * 3_000 + b"\n"

SPECIAL = [
    *(b".git", b".gitmodules", b".gitattributes", b".gitignore", b".mailmap", b"git~1"),
    *(b"gitmod~1", b"gitmod~4", b"gitatt~2", b"gi7eba~1", b"gi7d29~9", b"gi7e~123", b"~1234567"),
]
CHANGED = st.sampled_from(SPECIAL).flatmap(
    lambda name: (
        st.sampled_from([name, name.upper(), name.title(), name[:2] + b"\xe2\x80\x8c"])
        | st.just(name[:3] + b"\xef\xbb\xbf" + name[3:])
    )
)
# What a file system or a parser may take for the end of a name, or for nothing at all.
ENDS = st.lists(
    st.sampled_from(
        [
            *(b"", b" ", b".", b":", b"\\", b"\\..\\", b"~1", b"\xff", b"\xe2\x80\x8d", b"\n"),
            *(b"\xef\xbf\xbf", b"\xed\xa0\x80", b"\xc0\xae", b"x", b'"', b"\t", b"::$DATA"),
        ]
    ),
    max_size=3,
).map(b"".join)
BYTES = st.binary(min_size=1, max_size=12).map(lambda name: name.translate(None, b"\0/"))
NAME = (
    st.tuples(ENDS, CHANGED, ENDS, st.just(b"") | BYTES).map(b"".join) | BYTES | CHANGED
).filter(lambda name: name not in (b"", b".", b".."))
PATH = st.lists(NAME, min_size=1, max_size=3).map(b"/".join)


def write(directory: Path, paths: Iterable[bytes]) -> None:
    """A file at each path where none is in the way; every content is one of its own."""
    for number, path in enumerate(paths):
        target = directory / os.fsdecode(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(HOSTILE + b"%d" % number)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue


async def bundled(workspace: Workspace, version: str, target: Path) -> AsyncIterator[bytes]:
    await workspace.bundle(version, target)
    async for piece in pieces(await anyio.Path(target).read_bytes()):
        yield piece


async def exchange(directory: Path, paths: Iterable[bytes]) -> list[str]:
    """Commit files with these names, hand the version to a mirror; what the mirror lists."""
    source, project = directory / "source", random_uuid()
    write(source, [b"index.html", *paths])
    workspace = Workspace(directory / "data", random_uuid(), project, WorkspaceLimits())
    version = await workspace.commit(source, "a version")
    assert version is not None
    mirror = GitMirror.open(directory / "mirror")
    await mirror.receive(project, version, bundled(workspace, version, directory / "bundle"))
    assert await mirror.head(project) == version
    assert await mirror.files(project) == await workspace.files()
    return await mirror.files(project)


@settings(max_examples=40, deadline=None)
@given(paths=st.lists(PATH, max_size=40))
async def test_a_version_with_any_file_names_is_received(paths: list[bytes]) -> None:
    with TemporaryDirectory() as directory:
        assert "index.html" in await exchange(Path(directory), paths)


@pytest.mark.parametrize(
    "name",
    [
        *(b".gitmodules", b".GITMODULES", b".gitmodules .", b".gitmodules::$DATA", b"GITMOD~1"),
        *(b"gi7eba~1", b"gi7eb~12", b"~1000000", b".gitmodules\xff", b".git\xe2\x80\x8cmodules"),
        *(
            b"x\\.gitmodules",
            b"x\\.git",
            b"x\\git~1",
            b".git\\x",
            b".git\xffx",
            b".git\xef\xbf\xbe",
        ),
        *(b".gitattributes", b".GitAttributes", b"gitatt~1", b"gi7d29~2", b".gitattributes:x"),
    ],
)
async def test_a_name_that_git_inspects_never_enters_a_version(tmp_path: Path, name: bytes) -> None:
    listed = await exchange(tmp_path, [name, b"sub/" + name, name + b"/inside", b"kept.js"])
    assert listed == ["index.html", "kept.js"]
