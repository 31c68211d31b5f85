"""The services that make pictures and movies, as far as they are configured."""

from contextlib import AsyncExitStack
from typing import Final

import httpx

from adapters.providers.backgrounds import ReplicateBackgrounds
from adapters.providers.images import GeminiImages
from adapters.providers.movies import HttpMovies
from adapters.server.connecting import on_this_machine
from adapters.server.settings import Settings
from schema.providers import Providers

# Each request can hold some dozens of megabytes, and costs money; more of them wait.
_AT_ONCE: Final = 8


async def open_providers(settings: Settings, stack: AsyncExitStack) -> Providers:
    """One HTTP client each, which `stack` closes; None for what is not configured."""
    images, backgrounds, movies = None, None, None
    if settings.gemini_api_key is not None:
        base = settings.gemini_base_url
        images = GeminiImages(await _client(base, stack), base, settings.gemini_api_key)
    if settings.replicate_api_token is not None:
        base = settings.replicate_base_url
        http = await _client(base, stack)
        backgrounds = ReplicateBackgrounds(http, base, settings.replicate_api_token)
    url, secret = settings.movie_renderer_url, settings.movie_renderer_secret
    if url is not None and secret is not None:
        movies = HttpMovies(await _client(url, stack), url, secret)
    return Providers(images, backgrounds, movies)


async def _client(url: str, stack: AsyncExitStack) -> httpx.AsyncClient:
    """Certificates are verified even when `url` is here: it may send us elsewhere."""
    client = httpx.AsyncClient(
        trust_env=not on_this_machine(url),
        limits=httpx.Limits(max_connections=_AT_ONCE),
    )
    return await stack.enter_async_context(client)
