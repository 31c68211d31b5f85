"""What is particular to the mirror in git repositories: restarts, crashes, limits, speed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.mirror.mirror import GitMirror
from schema.errors import DreamCoreError
from schema.identifiers import random_uuid
from tests.adapters.mirror.bundles import Source, pieces


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "source")


async def test_another_process_finds_everything(tmp_path: Path, source: Source) -> None:
    project, version = random_uuid(), source.commit({"a": b"a"})
    await GitMirror.open(tmp_path / "m").receive(project, version, pieces(source.bundle()))
    again = GitMirror.open(tmp_path / "m")
    assert await again.head(project) == version
    assert await again.read(project, "a") == b"a"


async def test_the_leftovers_of_a_killed_git_are_in_nobodys_way(
    tmp_path: Path, source: Source
) -> None:
    project, directory = random_uuid(), tmp_path / "m"
    first = source.commit({"a": b"1"})
    await GitMirror.open(directory).receive(project, first, pieces(source.bundle()))
    second = source.commit({"a": b"2"})
    repository = directory / f"{project}.git"
    leftovers = [
        repository / "refs/heads/main.lock",
        repository / f"refs/versions/{second}.lock",
        repository / "packed-refs.lock",
        repository / "objects/pack/tmp_pack_abc",
        directory / "incoming/half",
    ]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    mirror = GitMirror.open(directory)
    assert await mirror.read(project, "a") == b"1"
    await mirror.receive(project, second, pieces(source.bundle()))
    assert await mirror.read(project, "a") == b"2"
    assert not any(leftover.exists() for leftover in leftovers)


async def test_many_versions_do_not_pile_up(tmp_path: Path, source: Source) -> None:
    mirror, project = GitMirror.open(tmp_path / "m"), random_uuid()
    versions = []
    for n in range(12):
        versions.append(source.commit({"a": b"%d" % n}))
        await mirror.receive(project, versions[-1], pieces(source.bundle()))
    packs = list((tmp_path / "m" / f"{project}.git/objects/pack").glob("*.pack"))
    assert len(packs) <= 9
    fresh = GitMirror.open(tmp_path / "m")
    for n, version in enumerate(versions):
        assert await fresh.read(project, "a", version) == b"%d" % n


async def test_an_incremental_bundle_needs_what_it_builds_on(
    tmp_path: Path, source: Source
) -> None:
    mirror, project = GitMirror.open(tmp_path / "m"), random_uuid()
    first = source.commit({"a": b"1" * 5_000, "b": b"b"})
    whole = source.bundle()
    second = source.commit({"a": b"1" * 5_000 + b"2"})
    increment = source.bundle("main", f"^{first}")
    with pytest.raises(DreamCoreError):
        await mirror.receive(project, second, pieces(increment))
    assert await mirror.head(project) is None
    await mirror.receive(project, first, pieces(whole))
    await mirror.receive(project, second, pieces(increment))
    assert await mirror.read(project, "b") == b"b"
    assert (await mirror.read(project, "a") or b"").endswith(b"2")


async def test_malformed_objects_are_refused(tmp_path: Path, source: Source) -> None:
    source.commit({"a": b"a"})
    blob = source.git("hash-object", "-w", "a")
    entry = f"100644 blob {blob}\t.git\n".encode()
    tree = source.git("mktree", stdin=entry)
    version = source.git("commit-tree", tree, "-m", "evil")
    source.git("update-ref", "refs/heads/main", version)
    mirror, project = GitMirror.open(tmp_path / "m"), random_uuid()
    with pytest.raises(DreamCoreError):
        await mirror.receive(project, version, pieces(source.bundle()))
    assert await mirror.head(project) is None
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["incoming"]


async def test_a_bundle_that_never_ends_is_cut(tmp_path: Path) -> None:
    mirror, sent = GitMirror.open(tmp_path / "m", max_bundle_bytes=100_000), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 10_000

    with pytest.raises(DreamCoreError):
        await mirror.receive(random_uuid(), "a" * 40, endless())
    assert sent == 11


async def test_a_configured_hook_or_filter_of_the_machine_is_not_run(
    tmp_path: Path, source: Source
) -> None:
    project, mirror = random_uuid(), GitMirror.open(tmp_path / "m")
    version = source.commit({"a": b"a"})
    await mirror.receive(project, version, pieces(source.bundle()))
    hook = tmp_path / "m" / f"{project}.git/hooks/reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    version = source.commit({"a": b"b"})
    await mirror.receive(project, version, pieces(source.bundle()))
    assert await mirror.read(project, "a") == b"b"
    assert not (tmp_path / "ran").exists()


async def test_the_files_of_a_game_come_in_one_run_and_then_from_memory(
    tmp_path: Path, source: Source
) -> None:
    files = {f"js/{n}.js": b"// %d\n" % n * 50 for n in range(200)}
    version, project = source.commit(files), random_uuid()
    await GitMirror.open(tmp_path / "m").receive(project, version, pieces(source.bundle()))
    mirror = GitMirror.open(tmp_path / "m")
    assert await mirror.read(project, "js/7.js") == files["js/7.js"]
    (tmp_path / "m" / f"{project}.git").rename(tmp_path / "away")
    for path, data in files.items():
        assert await mirror.read(project, path) == data


async def test_a_large_file_is_read_whole_and_not_kept(tmp_path: Path, source: Source) -> None:
    large = bytes(range(256)) * 4 * 2**14  # 16 MiB
    version, project = source.commit({"movie.mp4": large, "a": b"a"}), random_uuid()
    mirror = GitMirror.open(tmp_path / "m")
    await mirror.receive(project, version, pieces(source.bundle(), 65_536))
    for _ in range(2):
        assert await mirror.read(project, "movie.mp4") == large
        assert await mirror.read(project, "a") == b"a"
