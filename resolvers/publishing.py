"""Use cases around publishing a game: its draft, its words, its thumbnail and its movie.

The draft is a row; thumbnail and movie are objects beside the user's assets. None of them is a
version of the game (docs/publishing.md).
"""

from dataclasses import dataclass
from typing import Final

from resolvers.access import Access
from resolvers.publish_limits import checked_draft, fitting_info
from resolvers.publish_pictures import media_type_of
from resolvers.specs import spec_of
from schema.assets import AssetStore, key_of
from schema.errors import DreamCoreError, ErrorCode
from schema.helper_calls import MAX_CODE_CHARACTERS, HelperCalls, PublishInfo, PublishInfoRequest
from schema.identifiers import is_uuid
from schema.mirror import Mirror
from schema.models import Project, Viewer
from schema.object_storage import ObjectStorage, StoredObject
from schema.ports import Store
from schema.providers import (
    MOVIE_SECONDS,
    ImageRequest,
    MovieRequest,
    Pictures,
    Providers,
)
from schema.publishing import DraftStore, Picture, PublishDraft

PAGE: Final = "index.html"
THUMBNAIL_WIDTH: Final = 1080
THUMBNAIL_HEIGHT: Final = 1920
PROMPT_SPEC_CHARACTERS: Final = 3_000
MOVIE_SPEC_CHARACTERS: Final = 5_000
MOVIE_CODE_CHARACTERS: Final = 12_000
MAX_REFERENCES: Final = 3
# What an image model takes as an example.
_REFERENCE_TYPES: Final = ("image/png", "image/jpeg", "image/webp")
_IN_REPOSITORY: Final = (("thumbnail.webp", "image/webp"), ("thumbnail.png", "image/png"))


@dataclass(frozen=True, slots=True)
class PublishingUseCases:
    """Implements `schema.publishing.Publishing`."""

    store: Store
    drafts: DraftStore
    assets: AssetStore
    storage: ObjectStorage
    mirror: Mirror
    helper_calls: HelperCalls
    pictures: Pictures
    providers: Providers

    async def draft(self, viewer: Viewer, project_id: str) -> PublishDraft | None:
        """The project's draft, None before the first."""
        project = await Access(self.store).project(viewer, project_id)
        return await self.drafts.publish_draft(project.id)

    async def save_draft(
        self, viewer: Viewer, project_id: str, draft: PublishDraft
    ) -> PublishDraft:
        """Replace the project's draft."""
        project = await Access(self.store).project(viewer, project_id)
        return await self.drafts.save_publish_draft(project.id, checked_draft(draft))

    async def info(self, viewer: Viewer, project_id: str) -> PublishInfo:
        """Words for the draft, from the newest version; they fit into it."""
        project = await Access(self.store).project(viewer, project_id)
        request = PublishInfoRequest(
            project.user_id,
            project.id,
            project.name,
            (await self._code(project))[:MAX_CODE_CHARACTERS],
            await spec_of(self.mirror, project.id),
        )
        return fitting_info(await self.helper_calls.publish_info(request))

    async def set_thumbnail(self, viewer: Viewer, project_id: str, data: bytes) -> None:
        """Keep a picture as it is."""
        project = await Access(self.store).project(viewer, project_id)
        if await self.pictures.media_type(data) is None:
            raise DreamCoreError(ErrorCode.INVALID_FILE_TYPE)
        await self._keep(project, _thumbnail_key(project), data)

    async def make_thumbnail(self, viewer: Viewer, project_id: str, title: str) -> None:
        """Have a portrait picture made from title, spec and up to three images of the game."""
        project = await Access(self.store).project(viewer, project_id)
        if self.providers.images is None:
            raise DreamCoreError(ErrorCode.PROVIDER_NOT_CONFIGURED)
        spec = (await spec_of(self.mirror, project.id))[:PROMPT_SPEC_CHARACTERS]
        request = ImageRequest(
            thumbnail_prompt(title or project.name, spec),
            aspect_ratio="9:16",
            references=await self._references(project),
        )
        picture = await self.providers.images.generate(request)
        fitted = await self._fitted(picture.data)
        await self._keep(project, _thumbnail_key(project), fitted)

    async def thumbnail(self, project_id: str) -> Picture | None:
        """What was kept, else what an earlier server committed into the project."""
        project = await self.store.project(project_id.lower()) if is_uuid(project_id) else None
        if project is None:
            return None
        data = await self.storage.read(_thumbnail_key(project))
        media_type = media_type_of(data) if data is not None else None
        if data is not None and media_type is not None:
            return Picture(data, media_type)
        version = await self.mirror.head(project.id)
        for name, kind in _IN_REPOSITORY if version is not None else ():
            committed = await self.mirror.read(project.id, name, version)
            if committed is not None:
                return Picture(committed, media_type_of(committed) or kind)
        return None

    async def make_movie(self, viewer: Viewer, project_id: str) -> float:
        """Have a demo movie made of the newest version."""
        project = await Access(self.store).project(viewer, project_id)
        code = await self._code(project)
        if not code:
            raise DreamCoreError(ErrorCode.GAME_NOT_FOUND)
        if self.providers.movies is None:
            raise DreamCoreError(ErrorCode.PROVIDER_NOT_CONFIGURED)
        spec = (await spec_of(self.mirror, project.id))[:MOVIE_SPEC_CHARACTERS]
        request = MovieRequest(project.name, spec, code[:MOVIE_CODE_CHARACTERS])
        movie = await self.providers.movies.render(request)
        await self._keep(project, _movie_key(project), movie)
        return MOVIE_SECONDS

    async def movie(self, viewer: Viewer, project_id: str) -> StoredObject | None:
        """The movie, None before the first."""
        project = await Access(self.store).project(viewer, project_id)
        return await self.storage.find(_movie_key(project))

    async def forget(self, project: Project) -> None:
        """Remove the objects of a project that is deleted."""
        for key in (_thumbnail_key(project), _movie_key(project)):
            await self.storage.delete(key)

    async def _keep(self, project: Project, key: str, data: bytes) -> None:
        """Store it, unless the project was deleted meanwhile: making it may take minutes."""
        await self.storage.write(key, data)
        if await self.store.project(project.id) is None:
            await self.storage.delete(key)
            raise DreamCoreError(ErrorCode.PROJECT_NOT_FOUND)

    async def _fitted(self, picture: bytes) -> bytes:
        try:
            return await self.pictures.fitted(picture, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)
        except DreamCoreError as error:
            raise DreamCoreError(ErrorCode.PROVIDER_FAILED) from error

    async def _code(self, project: Project) -> str:
        return (await self.mirror.read(project.id, PAGE) or b"").decode(errors="replace")

    async def _references(self, project: Project) -> tuple[bytes, ...]:
        linked = await self.assets.project_assets(project.id)
        images = [asset for asset in linked if asset.mime_type in _REFERENCE_TYPES]
        found = [await self.storage.read(key_of(asset)) for asset in images[:MAX_REFERENCES]]
        return tuple(data for data in found if data is not None)


def thumbnail_prompt(title: str, spec: str) -> str:
    """What is drawn: the cover of a game. Title and spec are the user's words."""
    return (
        "Draw the cover of a browser game: portrait format, one clear scene with the game's main "
        "character or object in action, strong colours, no text, no frame, no user interface.\n"
        f"Title of the game: {title}\nWhat it is about:\n{spec}"
    )


def _thumbnail_key(project: Project) -> str:
    return f"users/{project.user_id}/projects/{project.id}/thumbnail"


def _movie_key(project: Project) -> str:
    return f"users/{project.user_id}/projects/{project.id}/movie.mp4"
