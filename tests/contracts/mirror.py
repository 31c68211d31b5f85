"""What every mirror does: the suite behind `schema.mirror.Mirror`.

A test module subclasses it and gives it a `mirror` fixture, and `source`, a project with a history.
"""

from datetime import UTC, datetime

import anyio
import pytest

from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.mirror import Mirror
from tests.adapters.mirror.bundles import Source, pieces

EVERY_BYTE = bytes(range(256)) * 50


class MirrorContract:
    """Receiving versions and reading them."""

    async def test_a_received_version_is_the_newest_and_readable(
        self, mirror: Mirror, source: Source
    ) -> None:
        project = random_uuid()
        first = source.commit({"index.html": b"<p>1</p>", "img/a.png": EVERY_BYTE})
        await mirror.receive(project, first, pieces(source.bundle()))
        assert await mirror.head(project) == first
        assert await mirror.files(project) == ["img/a.png", "index.html"]
        assert await mirror.read(project, "img/a.png") == EVERY_BYTE
        second = source.commit({"index.html": b"<p>2</p>"})
        await mirror.receive(project, second, pieces(source.bundle()))
        assert await mirror.head(project) == second
        assert await mirror.read(project, "index.html") == b"<p>2</p>"
        assert await mirror.read(project, "index.html", first) == b"<p>1</p>"
        assert await mirror.read(project.upper(), "index.html", first[:7]) == b"<p>1</p>"

    async def test_receiving_twice_is_receiving_once(self, mirror: Mirror, source: Source) -> None:
        project, version = random_uuid(), source.commit({"a": b"a"})
        for _ in range(2):
            await mirror.receive(project, version, pieces(source.bundle()))
        assert [record.hash for record in await mirror.history(project, 10)] == [version]

    async def test_history_is_newest_first_with_any_subject(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, at = random_uuid(), 1_769_483_504
        hashes = [
            source.commit({"a": b"%d" % n}, subject, at + n)
            for n, subject in enumerate(["plain", "pi|pe ジャンプ", "tab\tand 'quotes'"])
        ]
        await mirror.receive(project, hashes[-1], pieces(source.bundle()))
        records = await mirror.history(project, 2)
        assert [record.hash for record in records] == hashes[:0:-1]
        assert [record.subject for record in records] == ["tab\tand 'quotes'", "pi|pe ジャンプ"]
        assert records[0].at == datetime.fromtimestamp(at + 2, UTC)

    async def test_a_version_that_comes_late_does_not_become_the_newest(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, early = random_uuid(), source.commit({"index.html": b"early"})
        bundle = source.bundle()
        late = source.commit({"index.html": b"late"})
        await mirror.receive(project, late, pieces(source.bundle()))
        await mirror.receive(project, early, pieces(bundle))
        assert await mirror.head(project) == late
        assert await mirror.read(project, "index.html") == b"late"
        assert await mirror.read(project, "index.html", early) == b"early"

    async def test_a_version_is_found_by_the_beginning_of_its_hash(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, first = random_uuid(), source.commit({"a": b"1"})
        newest = source.commit({"a": b"2"})
        await mirror.receive(project, newest, pieces(source.bundle()))
        for version in (first, newest):
            for digits in (7, 20, 40):
                assert await mirror.find(project, version[:digits]) == version
        for unknown in (first[:6], "f" * 40, "HEAD", "main", "--all", "", first + "0"):
            assert await mirror.find(project, unknown) is None
        assert await mirror.find(random_uuid(), first) is None

    async def test_a_diff_tells_what_a_version_changed_in_one_file(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, first = random_uuid(), source.commit({"index.html": b"one\n", "a.js": b"a\n"})
        second = source.commit({"index.html": b"two\n", "a.js": b"b\n"})
        third = source.commit({"a.js": b"c\n"})
        await mirror.receive(project, third, pieces(source.bundle()))
        made = await mirror.diff(project, "index.html", first)
        changed = await mirror.diff(project, "index.html", second[:7])
        assert made is not None
        assert changed is not None
        assert made.startswith("diff --git a/index.html b/index.html\nnew file")
        assert made.endswith("+one\n")
        assert changed.endswith("-one\n+two\n")
        assert "a.js" not in changed
        assert await mirror.diff(project, "index.html", third) == ""
        assert await mirror.diff(project, ":(glob)*", second) == ""
        for unknown in ("f" * 40, "HEAD", "--all", ""):
            assert await mirror.diff(project, "index.html", unknown) is None

    async def test_an_unknown_project_has_nothing(self, mirror: Mirror) -> None:
        for project in (random_uuid(), "../../etc", "", "x" * 5_000, "a\0b"):
            assert await mirror.head(project) is None
            assert await mirror.history(project, 5) == []
            assert await mirror.files(project) == []
            assert await mirror.read(project, "index.html") is None
            await mirror.remove(project)

    async def test_what_is_no_visible_file_does_not_exist(
        self, mirror: Mirror, source: Source
    ) -> None:
        (source.directory / "link").symlink_to("/etc/passwd")
        visible = {"index.html": b"i", "日本語 é/a b.txt": b"t"}
        hidden = {".env": b"secret", ".ai-context/x.json": b"{}", "js/.hidden.js": b""}
        version = source.commit({**visible, **hidden})
        project = random_uuid()
        await mirror.receive(project, version, pieces(source.bundle()))
        assert await mirror.files(project) == sorted(visible)
        for path in (*hidden, "link", "js", "", "/index.html", "./index.html", "x/../index.html"):
            assert await mirror.read(project, path) is None
        for unknown in ("f" * 40, "abcdefg", "HEAD", "main", "--all", ""):
            assert await mirror.read(project, "index.html", unknown) is None

    async def test_a_bad_bundle_leaves_the_project_as_it_was(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, kept = random_uuid(), source.commit({"index.html": b"kept"})
        await mirror.receive(project, kept, pieces(source.bundle()))
        lost = source.commit({"index.html": EVERY_BYTE, "b": b"b" * 9_999})
        good = source.bundle()
        broken = bytearray(good)
        broken[-60] ^= 0xFF
        for bad in (b"", b"hello", good[:-30], good[:40], bytes(broken), b"\n" + good):
            with pytest.raises(DreamCoreError) as refusal:
                await mirror.receive(project, lost, pieces(bad))
            assert refusal.value.code is ErrorCode.WORKSPACE_ERROR
            assert await mirror.head(project) == kept
            assert await mirror.read(project, "index.html", lost) is None
        await mirror.receive(project, lost, pieces(good))
        assert await mirror.read(project, "index.html") == EVERY_BYTE

    async def test_a_bundle_must_hold_the_version(self, mirror: Mirror, source: Source) -> None:
        project, version = random_uuid(), source.commit({"a": b"a"})
        for wrong in ("f" * 40, version[:7], version.upper(), "main", "--exec=x"):
            with pytest.raises(DreamCoreError):
                await mirror.receive(project, wrong, pieces(source.bundle()))
        assert await mirror.head(project) is None

    async def test_a_removed_project_is_unknown_and_can_come_back(
        self, mirror: Mirror, source: Source
    ) -> None:
        project, version = random_uuid(), source.commit({"a": b"a"})
        await mirror.receive(project, version, pieces(source.bundle()))
        assert await mirror.read(project, "a") == b"a"
        await mirror.remove(project)
        assert await mirror.head(project) is None
        assert await mirror.read(project, "a") is None
        assert await mirror.read(project, "a", version) is None
        await mirror.receive(project, version, pieces(source.bundle()))
        assert await mirror.read(project, "a") == b"a"

    async def test_readers_see_whole_versions_while_others_arrive(
        self, mirror: Mirror, source: Source
    ) -> None:
        project = random_uuid()
        versions = {}
        for n in range(4):
            commit = source.commit({"a": b"a%d" % n, "b": b"b%d" % n})
            versions[commit] = (n, source.bundle())
        done = anyio.Event()

        async def read() -> None:
            while not done.is_set():
                version = await mirror.head(project)
                if version is not None:
                    n, _ = versions[version]
                    assert await mirror.read(project, "a", version) == b"a%d" % n
                    assert await mirror.read(project, "b", version) == b"b%d" % n
                await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            tasks.start_soon(read)
            for version, (_, bundle) in versions.items():
                await mirror.receive(project, version, pieces(bundle))
            done.set()
