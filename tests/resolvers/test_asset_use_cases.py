"""Assets over real rows and files: what no protocol shows."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import anyio
import pytest

from adapters.stores.embedded.object_files import ObjectFiles
from adapters.stores.embedded.object_storage import DirectoryStorage
from adapters.stores.embedded.store import EmbeddedStore
from resolvers.assets import MAX_IMAGE_BYTES, MAX_LISTED, AssetUseCases
from schema.assets import MAX_UPLOAD_BYTES, Asset, AssetChanges, Upload, key_of
from schema.errors import DreamCoreError, ErrorCode
from schema.identifiers import random_uuid
from schema.models import Project, Viewer
from tests.contracts.asset_records import an_asset
from tests.contracts.records import later

AT = datetime(2026, 1, 27, tzinfo=UTC)
ANN, BOB = Viewer(random_uuid()), Viewer(random_uuid())
GAME = random_uuid()


def png(data: bytes = b"1", name: str = "a.png") -> Upload:
    return Upload(data, name, "image/png")


@pytest.fixture
async def cases(tmp_path: Path) -> AsyncGenerator[AssetUseCases, None]:
    storage = await DirectoryStorage.open(tmp_path / "objects")
    async with EmbeddedStore.open(tmp_path / "store.db") as store:
        await store.create_project(Project(GAME, ANN.user_id, "Game", AT, AT))
        times = (AT + timedelta(milliseconds=tick) for tick in count())
        yield AssetUseCases(store, store.assets, storage, lambda: next(times))


class StoppedStorage(DirectoryStorage):
    """Writes, and never tells that it has."""

    def __init__(self, files: ObjectFiles) -> None:
        super().__init__(files)
        self.written = anyio.Event()

    async def write(self, key: str, data: bytes) -> None:
        await super().write(key, data)
        self.written.set()
        await anyio.sleep_forever()


async def keys(cases: AssetUseCases) -> set[str]:
    return {key async for key in cases.storage.keys("")}


async def refused(code: ErrorCode, cases: AssetUseCases, upload: Upload) -> None:
    with pytest.raises(DreamCoreError) as raised:
        await cases.upload(ANN, upload)
    assert raised.value.code is code


async def test_an_upload_killed_before_its_row_is_swept_and_nothing_else(
    cases: AssetUseCases, tmp_path: Path
) -> None:
    kept = await cases.upload(ANN, png(b"kept"))
    deleted = await cases.upload(ANN, png(b"deleted"))
    await cases.delete(ANN, deleted.id)
    of_bob = await cases.upload(BOB, png(b"kept"))
    foreign = {"global/seasonal/x.png", f"users/{ANN.user_id}/projects/thumbnail.webp", "a.png"}
    for key in foreign:
        await cases.storage.write(key, b"not ours")
    stopped = await StoppedStorage.open(tmp_path / "objects")
    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(replace(cases, storage=stopped).upload, ANN, png(b"killed"))
            await stopped.written.wait()
            group.cancel_scope.cancel()
    wanted = {key_of(kept), key_of(deleted), key_of(of_bob)} | foreign
    assert len(await keys(cases)) == len(wanted) + 1
    assert [listed.asset.id for listed in await cases.listed(ANN)] == [kept.id]
    assert await cases.sweep() == 1
    assert await keys(cases) == wanted
    assert await cases.sweep() == 0
    assert await cases.content(kept) == b"kept"


@pytest.mark.rule("http.divergence.assets-are-bounded")
async def test_users_store_so_many_files_and_the_same_ones_again(cases: AssetUseCases) -> None:
    few = replace(cases, max_assets=3)
    for number in range(3):
        await few.upload(ANN, png(b"%d" % number))
    await refused(ErrorCode.ASSET_LIMIT_REACHED, few, png(b"3"))
    assert len(await keys(cases)) == 3
    again = await few.upload(ANN, png(b"0"))
    assert again.alias == "a_4.png"
    await few.upload(BOB, png(b"3"))
    await few.delete(ANN, again.id)
    await refused(ErrorCode.ASSET_LIMIT_REACHED, few, png(b"3"))


@pytest.mark.rule("http.divergence.assets-are-bounded")
async def test_the_newest_files_are_listed(cases: AssetUseCases) -> None:
    kept = [an_asset(ANN.user_id, alias=f"{n}", created_at=later(n)) for n in range(MAX_LISTED + 1)]
    for asset in kept:
        await cases.assets.add_asset(asset, [asset.alias])
    listed = [entry.asset for entry in await cases.listed(ANN)]
    assert listed == kept[:0:-1]
    assert await cases.search(ANN, None) == listed


@pytest.mark.parametrize("size", [0, MAX_UPLOAD_BYTES - 1, MAX_UPLOAD_BYTES])
async def test_files_up_to_the_limit_are_kept(cases: AssetUseCases, size: int) -> None:
    asset = await cases.upload(ANN, png(b"x" * size))
    assert (asset.size, await cases.content(asset)) == (size, b"x" * size)


async def test_one_byte_more_is_refused(cases: AssetUseCases) -> None:
    await refused(ErrorCode.FILE_TOO_LARGE, cases, png(b"x" * (MAX_UPLOAD_BYTES + 1)))
    with pytest.raises(DreamCoreError) as raised:
        await cases.add_image(ANN.user_id, GAME, "a", b"x" * (MAX_IMAGE_BYTES + 1))
    assert raised.value.code is ErrorCode.FILE_TOO_LARGE
    assert await keys(cases) == set()


async def test_texts_have_limits(cases: AssetUseCases) -> None:
    most = "あ" * 2_000
    asset = await cases.upload(ANN, replace(png(), tags=most, description=most))
    assert (asset.tags, asset.description) == (most, most)
    bad = most + "x", "a\0b", "\ud800"
    for text in bad:
        await refused(ErrorCode.INVALID_INPUT, cases, replace(png(), tags=text))
        await refused(ErrorCode.INVALID_INPUT, cases, replace(png(), description=text))
        with pytest.raises(DreamCoreError) as raised:
            await cases.update(ANN, asset.id, AssetChanges(tags=text))
        assert raised.value.code is ErrorCode.INVALID_INPUT
        with pytest.raises(DreamCoreError) as raised:
            await cases.search(ANN, text)
        assert raised.value.code is ErrorCode.INVALID_INPUT
    long = "x" * 1_996 + ".png"
    assert (await cases.upload(ANN, png(name=long))).original_name == long
    await refused(ErrorCode.INVALID_INPUT, cases, png(name="x" + long))


async def test_a_generated_image_is_linked_to_its_project(cases: AssetUseCases) -> None:
    first = await cases.add_image(ANN.user_id, GAME, "Hero.PNG", b"1")
    second = await cases.add_image(ANN.user_id, GAME, "Hero.PNG", b"1")
    assert [first.alias, second.alias] == ["Hero.png", "Hero_2.png"]
    assert (first.original_name, first.is_public) == ("Hero.PNG", True)
    listed = await cases.listed(ANN)
    assert [project.id for entry in listed for project in entry.projects] == [GAME, GAME]
    for user_id, project_id in ((BOB.user_id, GAME), (ANN.user_id, random_uuid())):
        with pytest.raises(DreamCoreError) as raised:
            await cases.add_image(user_id, project_id, "hero", b"1")
        assert raised.value.code is ErrorCode.PROJECT_NOT_FOUND


async def test_pages_follow_each_other(cases: AssetUseCases) -> None:
    made = [(await cases.upload(ANN, png(b"%d" % number))).id for number in range(5)]
    seen: list[str] = []
    while True:
        after = seen[-1] if seen else None
        page = await cases.page(ANN, first=2, after=after, search=None)
        seen += [asset.id for asset in page.items]
        if not page.has_next:
            break
    assert seen == made[::-1]
    for first in (0, 101):
        with pytest.raises(DreamCoreError) as raised:
            await cases.page(ANN, first=first, after=None, search=None)
        assert raised.value.code is ErrorCode.INVALID_INPUT


async def test_official_assets_are_read_by_all_and_changed_by_nobody(cases: AssetUseCases) -> None:
    official = Asset(
        random_uuid(), None, "", "x.png", "x.png", "image/png", 1, "0" * 64, AT,
        is_public=False, category="seasonal", available_until=AT + timedelta(minutes=1),
    )  # fmt: skip
    added = await cases.assets.add_asset(official, ["x.png"])
    assert added is not None
    assert await cases.readable(None, official.id) == added
    assert await cases.official("seasonal", "x.png") == added
    with pytest.raises(DreamCoreError) as raised:
        await cases.own(ANN, official.id)
    assert raised.value.code is ErrorCode.ACCESS_DENIED
    later = replace(cases, now=lambda: AT + timedelta(minutes=2))
    for missing in (later.own(ANN, official.id), later.official("seasonal", "x.png")):
        with pytest.raises(DreamCoreError) as raised:
            await missing
        assert raised.value.code is ErrorCode.ASSET_NOT_FOUND
