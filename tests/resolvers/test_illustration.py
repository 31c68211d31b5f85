"""Images that a run asks for."""

import asyncio
from dataclasses import dataclass, field

from resolvers.assets import AssetUseCases
from resolvers.illustration import Illustration
from schema.errors import DreamCoreError, ErrorCode
from schema.events import CodeProposed, Completed, ImagesReady, Mode, Progress
from schema.execution import Code, Done, ProposedEdit, ProposedFile, WantedImage
from schema.models import GeneratedImage, SourceEdit, SourceFile
from schema.providers import GeneratedPicture, ImageRequest
from tests.resolvers.conftest import ALICE, Stage, now

HASH = "a" * 40
SHOWN = "e" * 40
PAGE = b'<img src="assets/player.png"><script>load("./assets/enemy.png")</script>'
WANTED = (WantedImage("player.png", "a ship"), WantedImage("enemy.png", "a rock"))


@dataclass
class Painter:
    """Draws everything but rocks."""

    asked: list[ImageRequest] = field(default_factory=list)

    async def generate(self, request: ImageRequest) -> GeneratedPicture:
        self.asked.append(request)
        if "rock" in request.prompt:
            raise DreamCoreError(ErrorCode.PROVIDER_FAILED)
        return GeneratedPicture(b"picture", "image/png", request.prompt)


async def test_images_become_assets_and_the_game_refers_to_them(
    stage: Stage,
) -> None:
    painter = Painter()
    assets = AssetUseCases(stage.store, stage.store.assets, stage.storage, now)
    stage.illustration = Illustration(painter, assets, stage.execution, stage.mirror)
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.pages[generation.project_id] = PAGE
        done = Done("できました", HASH, created=True, images=WANTED)
        stage.execution.say(generation.id, done)
        events = [entry.event for entry in await play.events(generation, after=2)]
        url = f"/user-assets/{generation.user_id}/player.png"
        assert events == [
            Progress(None, "画像を生成中..."),
            Progress(None, "画像生成中: player.png (1/2)"),
            Progress(None, "画像生成中: enemy.png (2/2)"),
            ImagesReady((GeneratedImage("player.png", url),)),
            Completed(Mode.CREATE, "できました", SHOWN),
        ]
    assert [request.transparent for request in painter.asked] == [True, True]
    (changed,) = stage.execution.applied
    assert changed == {"index.html": PAGE.decode().replace("assets/player.png", url)}
    asset = await stage.store.assets.asset_by_alias(generation.user_id, "player.png")
    assert asset is not None
    assert await assets.content(asset) == b"picture"
    (listed,) = await stage.store.assets.project_assets(generation.project_id)
    assert listed.id == asset.id
    assert stage.execution.requests[0].context.system is not None


@dataclass
class Dreamer:
    """Draws ships, and never ends a rock."""

    async def generate(self, request: ImageRequest) -> GeneratedPicture:
        if "rock" in request.prompt:
            await asyncio.Event().wait()
        return GeneratedPicture(b"picture", "image/png", request.prompt)


async def test_an_image_that_takes_too_long_costs_no_other(stage: Stage) -> None:
    assets = AssetUseCases(stage.store, stage.store.assets, stage.storage, now)
    stage.illustration = Illustration(
        Dreamer(), assets, stage.execution, stage.mirror, image_seconds=0.2
    )
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.pages[generation.project_id] = PAGE
        stage.execution.say(generation.id, Done("できました", HASH, created=True, images=WANTED))
        *_, ready, end = [entry.event for entry in await play.events(generation, after=2)]
    url = f"/user-assets/{generation.user_id}/player.png"
    assert ready == ImagesReady((GeneratedImage("player.png", url),))
    assert end == Completed(Mode.CREATE, "できました", SHOWN)


class Careless:
    """Breaks in a way that nobody expected."""

    async def generate(self, request: ImageRequest) -> GeneratedPicture:
        raise ZeroDivisionError


async def test_whatever_breaks_while_drawing_costs_no_game(stage: Stage) -> None:
    assets = AssetUseCases(stage.store, stage.store.assets, stage.storage, now)
    stage.illustration = Illustration(Careless(), assets, stage.execution, stage.mirror)
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.pages[generation.project_id] = PAGE
        stage.execution.say(generation.id, Done("できました", HASH, created=True, images=WANTED))
        last = (await play.events(generation))[-1].event
    assert last == Completed(Mode.CREATE, "できました", HASH)
    assert await stage.mirror.head(generation.project_id) == HASH


async def test_the_version_with_the_images_has_the_edits_that_it_was_made_for(
    stage: Stage,
) -> None:
    assets = AssetUseCases(stage.store, stage.store.assets, stage.storage, now)
    stage.illustration = Illustration(Painter(), assets, stage.execution, stage.mirror)
    code = Code(edits=(ProposedEdit("index.html", "", "<img>"),))
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.pages[generation.project_id] = PAGE
        done = Done("できました", HASH, code=code, images=WANTED)
        stage.execution.say(generation.id, done)
        await play.events(generation)
        await play.engine.cancel(generation.id)  # waits until it is settled
        project = await play.projects.get(ALICE, generation.project_id)
        context = await play.projects.version_context(project, SHOWN)
        assert context is not None
        assert context.note.edits == (SourceEdit("index.html", "", "<img>"),)
        assert await play.projects.version_context(project, HASH) is None


async def test_without_a_provider_a_wish_changes_nothing(stage: Stage) -> None:
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.say(generation.id, Done("できました", HASH, created=True, images=WANTED))
        events = [entry.event for entry in await play.events(generation, after=2)]
    assert events == [Completed(Mode.CREATE, "できました", HASH)]
    assert stage.execution.requests[0].context.system is None


async def test_the_code_of_a_run_is_told_right_before_its_end(stage: Stage) -> None:
    code = Code((ProposedFile("index.html", "<p>"),), (ProposedEdit("a.js", "1", "2"),))
    async with stage.gateway() as play:
        generation = await play.start()
        stage.execution.say(generation.id, Done("速くしました", HASH, code=code))
        events = [entry.event for entry in await play.events(generation, after=2)]
    proposed = CodeProposed(
        Mode.EDIT,
        (SourceFile("index.html", "<p>"),),
        (SourceEdit("a.js", "1", "2"),),
        "速くしました",
    )
    assert events == [proposed, Completed(Mode.EDIT, "速くしました", HASH)]
