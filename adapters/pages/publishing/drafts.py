"""The publish page's draft, and words for it. Source: `contract/legacy-http.md` §1.7, §0.8."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from adapters.pages.api.guards import Guards
from adapters.pages.assets.bodies import read_json
from adapters.pages.credentials import Refused
from adapters.pages.publishing.guards import Turns, owned, refusing
from adapters.pages.responses import send_json
from resolvers.forms import Form, timestamp
from schema.publishing import PublishDraft, Publishing, Remix, Visibility

# The page says `disallowed`, the table `disallow`.
_SAID: Final = {Remix.ALLOWED: "allowed", Remix.DISALLOWED: "disallowed"}
_REMIXES: Final = {**{said: remix for remix, said in _SAID.items()}, **{r.value: r for r in Remix}}
_VISIBILITIES: Final = {visibility.value: visibility for visibility in Visibility}

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DraftPages:
    """One method an address; all raise `Refused`."""

    guards: Guards
    publishing: Publishing
    turns: Turns

    async def draft(self, request: Request) -> Response:
        """The draft's row, `null` before the first."""
        viewer, project_id = await owned(self.guards, request)
        with refusing():
            draft = await self.publishing.draft(viewer, project_id)
        return send_json(request, None if draft is None else _row(project_id, draft))

    async def save(self, request: Request) -> Response:
        """Replace it with the page's whole state; keys of the row that came along are ignored."""
        viewer, project_id = await owned(self.guards, request)
        draft = _draft_in(await read_json(request))
        with refusing():
            await self.publishing.save_draft(viewer, project_id, draft)
        return send_json(request, {"success": True})

    async def info(self, request: Request) -> Response:
        """Words from the game. All of them are made anew, whichever `field` is asked for."""
        viewer, project_id = await owned(self.guards, request)
        await read_json(request)
        with self.turns.taken(viewer.user_id), refusing():
            info = await self.publishing.info(viewer, project_id)
        return send_json(request, info)


def _row(project_id: str, draft: PublishDraft) -> Form:
    """As the table has it, and three keys as the page calls them."""
    return {
        "project_id": project_id,
        "title": draft.title,
        "description": draft.description,
        "how_to_play": draft.how_to_play,
        "tags": draft.tags,
        "visibility": draft.visibility.value,
        "remix": _SAID[draft.remix],
        "thumbnail_url": draft.thumbnail_url,
        "updated_at": timestamp(draft.updated_at) if draft.updated_at else None,
        "howToPlay": draft.how_to_play,
        "thumbnailUrl": draft.thumbnail_url,
    }


def _draft_in(body: dict[str, object]) -> PublishDraft:
    """What is missing, null or empty gets its default. Raises `Refused` for other types."""
    return PublishDraft(
        title=_text(body, "title"),
        description=_text(body, "description"),
        how_to_play=_text(body, "howToPlay"),
        tags=_texts(body, "tags"),
        visibility=_choice(body, "visibility", _VISIBILITIES, Visibility.PUBLIC),
        remix=_choice(body, "remix", _REMIXES, Remix.ALLOWED),
        thumbnail_url=_text(body, "thumbnailUrl") or None,
    )


def _text(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(400, f"{name} must be a text")
    return value


def _texts(body: dict[str, object], name: str) -> tuple[str, ...]:
    value = body.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(400, f"{name} must be a list of texts")
    return tuple(value)


def _choice(
    body: dict[str, object], name: str, choices: dict[str, Choice], default: Choice
) -> Choice:
    value = _text(body, name)
    if value and value not in choices:
        raise Refused(400, f"{name} must be one of: {', '.join(choices)}")
    return choices[value] if value else default
