"""What a model said, as one of the answers that a caller may get. Pure.

A model can be talked into saying anything; these functions let through only what the contract
has a place for, within its bounds. Source: `contract/legacy-modal.md` §1.4.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from schema.helper_calls import ChatAnswer, PublishInfo

MAX_MESSAGE_CHARACTERS: Final = 4_000
MAX_SUGGESTIONS: Final = 3
MAX_SUGGESTION_CHARACTERS: Final = 60
MAX_TITLE_CHARACTERS: Final = 50
MAX_DESCRIPTION_CHARACTERS: Final = 400
MAX_HOW_TO_PLAY_CHARACTERS: Final = 600
MAX_TAGS: Final = 5
MAX_TAG_CHARACTERS: Final = 10

_INTENTS: Final = ("restore", "chat", "edit")
# Names are short; every bracket in it may be tried.
_SEARCHED_CHARACTERS: Final = 2_000
_DECODER: Final = json.JSONDecoder()


def intent_in(answer: str) -> str | None:
    """The first of `restore`, `chat`, `edit` that occurs; None when none does."""
    words = answer.lower()
    return next((intent for intent in _INTENTS if intent in words), None)


def names_in(answer: str) -> list[str] | None:
    """The texts of the first JSON array; None when there is none."""
    text = answer[:_SEARCHED_CHARACTERS]
    start = text.find("[")
    while start >= 0:
        try:
            value, _ = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("[", start + 1)
        else:
            return [item for item in value if isinstance(item, str)]
    return None


def chat_in(answer: str) -> ChatAnswer:
    """Message and suggestions; the bare text where the answer is no such object."""
    told = _object_in(answer)
    message = told.get("message")
    if not isinstance(message, str) or not message.strip():
        return ChatAnswer(answer.strip()[:MAX_MESSAGE_CHARACTERS])
    offered = _texts(told.get("suggestions"), MAX_SUGGESTION_CHARACTERS)
    kept = tuple(dict.fromkeys(offered))[:MAX_SUGGESTIONS]
    return ChatAnswer(message.strip()[:MAX_MESSAGE_CHARACTERS], kept)


def publish_info_in(answer: str) -> PublishInfo | None:
    """The words for a page; None when one of them is missing."""
    told = _object_in(answer)
    texts = (told.get("title"), told.get("description"), told.get("howToPlay"))
    title, description, how_to_play = (
        text.strip() if isinstance(text, str) else "" for text in texts
    )
    tags = tuple(dict.fromkeys(_texts(told.get("tags"), MAX_TAG_CHARACTERS, without="#＃")))
    if not (title and description and how_to_play and tags):
        return None
    return PublishInfo(
        " ".join(title.split())[:MAX_TITLE_CHARACTERS],
        description[:MAX_DESCRIPTION_CHARACTERS],
        how_to_play[:MAX_HOW_TO_PLAY_CHARACTERS],
        tags[:MAX_TAGS],
    )


def _object_in(answer: str) -> dict[str, Any]:
    """The JSON object from the first `{` to the last `}`; empty when there is none."""
    try:
        value = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: object, characters: int, *, without: str = "") -> Iterator[str]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, str):
            text = " ".join(item.split()).lstrip(without)[:characters].strip()
            if text:
                yield text
