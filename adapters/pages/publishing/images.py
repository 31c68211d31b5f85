"""Images that the editor has made or changed; none is kept. Source: `contract/legacy-http.md` §1.6.

A failure says `"success": false` beside its text.
"""

import re
from base64 import b64encode
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.guards import Guards
from adapters.pages.assets.bodies import read_json
from adapters.pages.credentials import Refused
from adapters.pages.publishing.guards import Turns, refusing
from adapters.pages.responses import send_json
from resolvers.publish_pictures import media_type_of
from schema.errors import DreamCoreError, ErrorCode
from schema.providers import MAX_PICTURE_BYTES, ImageRequest, Providers

MAX_PROMPT_CHARACTERS: Final = 4_000
MAX_IMAGE_BODY_BYTES: Final = 4 * MAX_PICTURE_BYTES // 3 + 1_024
_NO_IMAGES: Final = "Image generation service not available"
_NO_BACKGROUNDS: Final = "Background removal service not configured"
_IMAGE: Final = re.compile(r"data:image/[a-z0-9.+-]{1,60};base64,", re.IGNORECASE)
_NO_IMAGE: Final = "image must be a data URL of an image in base64"
# The choices of the editor.
_RATIOS: Final = {"512x512": "1:1", "1024x1024": "1:1", "768x512": "3:2", "512x768": "2:3"}
_STYLES: Final = {
    "pixel": "Style: pixel art.",
    "anime": "Style: anime.",
    "kawaii": "Style: kawaii, cute and rounded.",
    "realistic": "Style: realistic.",
    "watercolor": "Style: watercolour.",
    "flat": "Style: flat design.",
}


class _Failed(Exception):
    """A provider's failure, with its text."""


@dataclass(frozen=True, slots=True)
class ImagePages:
    """One method an address; all raise `Refused`."""

    guards: Guards
    providers: Providers
    turns: Turns

    async def generate(self, request: Request) -> Response:
        """A sprite from words."""
        viewer = await self.guards.viewer(request)
        body = await read_json(request)
        prompt = body.get("prompt")
        if not isinstance(prompt, str) or not prompt.strip():
            raise Refused(400, "prompt is required")
        if len(prompt) > MAX_PROMPT_CHARACTERS:
            raise Refused(400, f"prompt must have at most {MAX_PROMPT_CHARACTERS} characters")
        images = self.providers.images
        if images is None:
            raise Refused(503, _NO_IMAGES)
        style, ratio = _STYLES.get(str(body.get("style"))), _RATIOS.get(str(body.get("size")))
        wanted = ImageRequest(
            f"{prompt}\n{style}" if style else prompt, ratio or "1:1", transparent=True
        )
        try:
            async with self._turn(viewer.user_id):
                made = await images.generate(wanted)
        except _Failed as failure:
            return _failure(request, failure)
        return await to_thread.run_sync(
            _picture, request, made.data, made.media_type, {"prompt": made.prompt}
        )

    async def remove_background(self, request: Request) -> Response:
        """A picture without its background; only one that is in the request itself."""
        viewer = await self.guards.viewer(request)
        try:
            # The body alone has megabytes.
            async with self._turn(viewer.user_id):
                cut = await self._cut_out(request)
        except _Failed as failure:
            return _failure(request, failure)
        return await to_thread.run_sync(_picture, request, cut, "image/png", {})

    async def _cut_out(self, request: Request) -> bytes:
        image = (await read_json(request, MAX_IMAGE_BODY_BYTES)).get("image")
        if not isinstance(image, str) or not image:
            raise Refused(400, "image is required")
        if self.providers.backgrounds is None:
            raise Refused(503, _NO_BACKGROUNDS)
        data, media_type = await to_thread.run_sync(_decoded, image)
        return await self.providers.backgrounds.remove(data, media_type)

    @asynccontextmanager
    async def _turn(self, user_id: str) -> AsyncGenerator[None, None]:
        try:
            with self.turns.taken(user_id), refusing():
                yield
        except DreamCoreError as error:
            if error.code is not ErrorCode.PROVIDER_FAILED:
                raise
            raise _Failed(error.message) from None


def _decoded(image: str) -> tuple[bytes, str]:
    """The bytes of `data:image/…;base64,…` and what they are, whatever it says. For a worker
    thread."""
    prefix = _IMAGE.match(image)
    if prefix is None:
        raise Refused(400, _NO_IMAGE)
    try:
        data = a2b_base64(image[prefix.end() :].encode("ascii"), strict_mode=True)
    except (NotBase64, UnicodeError):
        raise Refused(400, _NO_IMAGE) from None
    media_type = media_type_of(data)
    if media_type is None:
        raise Refused(415, "Invalid file type")
    return data, media_type


def _picture(request: Request, data: bytes, media_type: str, more: dict[str, str]) -> Response:
    """For a worker thread."""
    url = f"data:{media_type};base64,{b64encode(data).decode()}"
    return send_json(request, {"success": True, "image": url, **more})


def _failure(request: Request, failure: _Failed) -> Response:
    return send_json(request, {"error": str(failure), "success": False}, 500)
