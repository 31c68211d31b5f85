"""The addresses of the publish page, and of images that the editor has made.

Source: `contract/legacy-http.md` §1.6, §1.7. `POST …/publish` and `/api/notifications` are not
among them: the frontend counts on their 404 (§1.8).
"""

from collections.abc import Collection
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.pages import cross_origin
from adapters.pages.api.guards import Guards
from adapters.pages.publishing.drafts import DraftPages
from adapters.pages.publishing.guards import Turns
from adapters.pages.publishing.images import ImagePages
from adapters.pages.publishing.movies import MoviePages
from adapters.pages.publishing.thumbnails import ThumbnailPages, thumbnail
from adapters.pages.refusals import answered
from adapters.pages.routing import Handler, LegacyRoute, allowed_methods
from schema.ports import Identity
from schema.providers import Providers
from schema.publishing import Publishing
from schema.use_cases import Generations, Projects

_PROJECT: Final = "/api/projects/{project_id}"
_DRAFT: Final = f"{_PROJECT}/publish-draft"
_REMOVE_BACKGROUND: Final = "/api/assets/remove-background"


def routes(
    identity: Identity,
    projects: Projects,
    generations: Generations,
    publishing: Publishing,
    providers: Providers,
    allowed_origins: Collection[str] = (),
) -> list[BaseRoute]:
    """`allowed_origins` (`CORS_ALLOWED_ORIGINS`) may read answers below `/api/assets/`."""
    guards, turns = Guards(identity, projects, generations), Turns()
    drafts = DraftPages(guards, publishing, turns)
    thumbnails = ThumbnailPages(guards, publishing, turns)
    movies = MoviePages(guards, publishing, turns)
    images = ImagePages(guards, providers, turns)
    posted: dict[str, Handler] = {
        f"{_PROJECT}/generate-publish-info": drafts.info,
        f"{_PROJECT}/generate-thumbnail": thumbnails.generate,
        f"{_PROJECT}/upload-thumbnail": thumbnails.upload,
        f"{_PROJECT}/generate-movie": movies.generate,
        "/api/generate-image": images.generate,
    }
    return [
        LegacyRoute(_DRAFT, _endpoint(drafts.draft)),
        LegacyRoute(_DRAFT, _endpoint(drafts.save), "PUT"),
        LegacyRoute(_DRAFT, _draft_methods, "OPTIONS"),
        LegacyRoute(f"{_PROJECT}/movie", _endpoint(movies.movie)),
        thumbnail_route(publishing),
        *(LegacyRoute(path, _endpoint(handler), "POST") for path, handler in posted.items()),
        LegacyRoute(
            _REMOVE_BACKGROUND, _endpoint(images.remove_background, allowed_origins), "POST"
        ),
    ]


def thumbnail_route(publishing: Publishing) -> BaseRoute:
    """The picture of a project, for anybody."""
    return LegacyRoute(f"{_PROJECT}/thumbnail", _endpoint(partial(thumbnail, publishing)))


def _endpoint(handler: Handler, allowed_origins: Collection[str] = ()) -> Handler:
    async def endpoint(request: Request) -> Response:
        response = await answered(handler, request)
        response.headers.update(cross_origin.allowed_for(request, allowed_origins))
        return response

    return endpoint


async def _draft_methods(_: Request) -> Response:
    return allowed_methods(("GET", "HEAD", "PUT"))
