"""Images that a run asked for: made, kept as assets, and put where the game refers to them.

Source: `contract/legacy-modal.md` §5.7, `contract/legacy-http.md` §5.3, §5.4.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from resolvers.asset_references import replace_asset_references
from resolvers.versions import fetch_version
from schema.assets import Assets
from schema.errors import DreamCoreError
from schema.events import Event, ImagesReady, Progress
from schema.execution import WantedImage
from schema.execution_port import Execution
from schema.mirror import Mirror
from schema.models import GeneratedImage, Generation
from schema.providers import ImageGeneration, ImageRequest

MAX_TEXT_BYTES: Final = 2 * 2**20
IMAGE_SECONDS: Final = 150.0
"""For one image; more than its provider takes, which has better words for a failure."""
IMAGES_SUBJECT: Final = "Use the generated images"
"""Of the version that shows the images, made on top of the one that they were drawn for."""
_TEXTS: Final = (".html", ".htm", ".js", ".mjs", ".css", ".json", ".svg")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Illustrated:
    """The version that shows the images; ends what `Illustration.draw` tells."""

    version: str


@dataclass(frozen=True, slots=True)
class Illustration:
    """Draws with one provider. What fails is left out: the game is there without it."""

    images: ImageGeneration
    assets: Assets
    execution: Execution
    mirror: Mirror
    image_seconds: float = IMAGE_SECONDS

    async def draw(
        self, generation: Generation, version: str, wanted: Sequence[WantedImage]
    ) -> AsyncGenerator[Event | Illustrated, None]:
        """Tell what happens, and last the version that `version` has become, if it has."""
        yield Progress(None, "画像を生成中...")
        made: list[GeneratedImage] = []
        for number, image in enumerate(wanted, 1):
            yield Progress(None, f"画像生成中: {image.name} ({number}/{len(wanted)})")
            url = await self._made(generation, image)
            if url is not None:
                made.append(GeneratedImage(image.name, url))
        if not made:
            return
        yield ImagesReady(tuple(made))
        shown = await self._shown(generation, version, {image.name: image.url for image in made})
        if shown is not None:
            yield Illustrated(shown)

    async def _made(self, generation: Generation, wanted: WantedImage) -> str | None:
        try:
            async with asyncio.timeout(self.image_seconds):
                request = ImageRequest(wanted.prompt, transparent=True)
                picture = await self.images.generate(request)
                asset = await self.assets.add_image(
                    generation.user_id, generation.project_id, wanted.name, picture.data
                )
        except DreamCoreError as error:
            logger.warning("image not made", extra={"code": error.code.value})
            return None
        except TimeoutError:
            logger.warning("image not made in time")
            return None
        return f"/user-assets/{asset.owner_id}/{asset.alias}"

    async def _shown(
        self, generation: Generation, version: str, urls: Mapping[str, str]
    ) -> str | None:
        user_id, project_id = generation.user_id, generation.project_id
        try:
            await fetch_version(self.execution, self.mirror, user_id, project_id, version)
            changed = await self._changed(project_id, version, urls)
            if not changed:
                return None
            return await self.execution.apply(user_id, project_id, changed, IMAGES_SUBJECT)
        except DreamCoreError as error:
            logger.warning("images not shown", extra={"code": error.code.value})
            return None

    async def _changed(
        self, project_id: str, version: str, urls: Mapping[str, str]
    ) -> dict[str, str]:
        changed = {}
        for path in await self.mirror.files(project_id, version):
            data = await self.mirror.read(project_id, path, version) if _is_text(path) else None
            if data is None or len(data) > MAX_TEXT_BYTES:
                continue
            try:
                text = data.decode()
            except UnicodeDecodeError:
                continue
            replaced = await asyncio.to_thread(replace_asset_references, text, urls)
            if replaced != text:
                changed[path] = replaced
        return changed


def _is_text(path: str) -> bool:
    return path.lower().endswith(_TEXTS)
