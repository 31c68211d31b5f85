"""Which providers a gateway has, by its settings."""

from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from adapters.server.providers import open_providers
from adapters.server.settings import Settings
from schema.errors import DreamCoreError
from schema.providers import ImageRequest, MovieRequest, Providers
from tests.adapters.providers.stub import KEY, MP4, Said, picture, provider, said


async def test_nothing_is_offered_without_keys() -> None:
    async with AsyncExitStack() as stack:
        settings = Settings(movie_renderer_secret=KEY)
        assert await open_providers(settings, stack) == Providers(None, None, None)


async def test_each_is_offered_by_its_own_key_and_asked_where_the_settings_say() -> None:
    async with provider() as stub, AsyncExitStack() as stack:
        base = Settings(gemini_base_url=stub.url, replicate_base_url=stub.url)

        only = await open_providers(replace(base, gemini_api_key=f"{KEY} 1"), stack)
        assert (only.backgrounds, only.movies) == (None, None)
        assert only.images is not None
        stub.answers = [said({"error": "no"}, 500)]
        with pytest.raises(DreamCoreError, match="Image generation failed"):
            await only.images.generate(ImageRequest("a cat"))

        only = await open_providers(replace(base, replicate_api_token=f"{KEY} 2"), stack)
        assert (only.images, only.movies) == (None, None)
        assert only.backgrounds is not None
        with pytest.raises(DreamCoreError, match="Background removal service error"):
            await only.backgrounds.remove(picture(), "image/png")

        settings = replace(
            base, movie_renderer_url=f"{stub.url}/render", movie_renderer_secret=f"{KEY} 3"
        )
        only = await open_providers(settings, stack)
        assert (only.images, only.backgrounds) == (None, None)
        assert only.movies is not None
        stub.answers = [Said(MP4)]
        assert await only.movies.render(MovieRequest("Star", "", "")) == MP4
    assert [asked.path for asked in stub.asked] == [
        "/v1beta/models/gemini-2.5-flash-image:generateContent",
        "/v1/models/bria/remove-background/predictions",
        "/render",
    ]
    first, second, third = (asked.headers for asked in stub.asked)
    assert first["x-goog-api-key"] == f"{KEY} 1"
    assert "authorization" not in first
    assert second["authorization"] == f"Bearer {KEY} 2"
    assert third["authorization"] == f"Bearer {KEY} 3"
