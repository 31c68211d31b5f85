"""What a publish draft may hold. Source: `contract/legacy-http.md` §1.7 (the page's own limits)."""

from dataclasses import replace

import msgspec

from schema.errors import DreamCoreError, ErrorCode
from schema.helper_calls import PublishInfo
from schema.publishing import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_HOW_TO_PLAY_CHARACTERS,
    MAX_TAG_CHARACTERS,
    MAX_TAGS,
    MAX_TITLE_CHARACTERS,
    PublishDraft,
)

MAX_URL_CHARACTERS = 500


def checked_draft(draft: PublishDraft) -> PublishDraft:
    """The draft without what storage cannot hold. Raises INVALID_INPUT, naming the field."""
    limits = (
        ("title", draft.title, MAX_TITLE_CHARACTERS),
        ("description", draft.description, MAX_DESCRIPTION_CHARACTERS),
        ("howToPlay", draft.how_to_play, MAX_HOW_TO_PLAY_CHARACTERS),
        ("thumbnailUrl", draft.thumbnail_url or "", MAX_URL_CHARACTERS),
        *(("tags", tag, MAX_TAG_CHARACTERS) for tag in draft.tags),
    )
    for name, text, most in limits:
        if len(text) > most:
            raise _invalid(f"{name} must have at most {most} characters")
        if "\0" in text:
            raise _invalid(f"{name} must not contain NUL")
    if len(draft.tags) > MAX_TAGS:
        raise _invalid(f"There can be at most {MAX_TAGS} tags")
    return replace(draft, tags=tuple(dict.fromkeys(tag for tag in draft.tags if tag.strip())))


def fitting_info(info: PublishInfo) -> PublishInfo:
    """The words, cut to what a draft may hold: the page saves them at once."""
    tags = (tag.replace("\0", "").strip()[:MAX_TAG_CHARACTERS] for tag in info.tags)
    return msgspec.structs.replace(
        info,
        title=info.title.replace("\0", "")[:MAX_TITLE_CHARACTERS],
        description=info.description.replace("\0", "")[:MAX_DESCRIPTION_CHARACTERS],
        how_to_play=info.how_to_play.replace("\0", "")[:MAX_HOW_TO_PLAY_CHARACTERS],
        tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:MAX_TAGS],
    )


def _invalid(text: str) -> DreamCoreError:
    return DreamCoreError(ErrorCode.INVALID_INPUT, text)
