"""What a game is published with: draft, description, thumbnail and movie.

Source: `contract/legacy-http.md` §1.7.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from schema.helper_calls import PublishInfo
from schema.models import Viewer
from schema.object_storage import StoredObject

MAX_TITLE_CHARACTERS: Final = 50
MAX_DESCRIPTION_CHARACTERS: Final = 500
MAX_HOW_TO_PLAY_CHARACTERS: Final = 1_000
MAX_TAGS: Final = 10
MAX_TAG_CHARACTERS: Final = 20


class Visibility(StrEnum):
    """Who finds a published game."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class Remix(StrEnum):
    """Whether others may build on it. The page calls the second one `disallowed`."""

    ALLOWED = "allowed"
    DISALLOWED = "disallow"


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """The state of the publish page; a row of the table `publish_drafts`."""

    title: str = ""
    description: str = ""
    how_to_play: str = ""
    tags: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    remix: Remix = Remix.ALLOWED
    thumbnail_url: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image and its media type."""

    data: bytes
    media_type: str


class DraftStore(Protocol):
    """The rows of drafts; they go with their project."""

    async def publish_draft(self, project_id: str) -> PublishDraft | None: ...

    async def save_publish_draft(self, project_id: str, draft: PublishDraft) -> PublishDraft:
        """Keep it with the present time. Raises PROJECT_NOT_FOUND when the project is gone."""
        ...


class Publishing(Protocol):
    """Use cases around publishing. All but `thumbnail` raise PROJECT_NOT_FOUND."""

    async def draft(self, viewer: Viewer, project_id: str) -> PublishDraft | None: ...

    async def save_draft(
        self, viewer: Viewer, project_id: str, draft: PublishDraft
    ) -> PublishDraft:
        """Replace the draft. Raises INVALID_INPUT beyond the limits above."""
        ...

    async def info(self, viewer: Viewer, project_id: str) -> PublishInfo:
        """Words for the draft, from the game. Raises EXECUTION_UNAVAILABLE, PROVIDER_FAILED."""
        ...

    async def set_thumbnail(self, viewer: Viewer, project_id: str, data: bytes) -> None:
        """Keep a picture. Raises INVALID_FILE_TYPE for what is none."""
        ...

    async def make_thumbnail(self, viewer: Viewer, project_id: str, title: str) -> None:
        """Have one made. Raises PROVIDER_NOT_CONFIGURED, PROVIDER_FAILED."""
        ...

    async def thumbnail(self, project_id: str) -> Picture | None:
        """Anybody's; None for unknown and malformed ids too."""
        ...

    async def make_movie(self, viewer: Viewer, project_id: str) -> float:
        """Have one made; its length in seconds. Raises GAME_NOT_FOUND without a game,
        PROVIDER_NOT_CONFIGURED, PROVIDER_FAILED."""
        ...

    async def movie(self, viewer: Viewer, project_id: str) -> StoredObject | None:
        """An MP4, to be closed by the caller."""
        ...
