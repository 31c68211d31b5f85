"""Texts of the pipeline: what a prompt and the history hold. Pure functions."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final

from resolvers.styles import find_style, style_document
from schema.assets import Asset
from schema.execution import HistoryMessage
from schema.models import ChatMessage, StyleChoice

HISTORY_CHARACTERS: Final = 20_000
MESSAGE_CHARACTERS: Final = 4_000
TITLE_CHARACTERS: Final = 50
MAX_ASSETS: Final = 50
TITLE_WITHIN: Final = 16_384
_TITLE: Final = re.compile(r"<title(?:\s[^>]{0,200})?>", re.IGNORECASE)
_TITLE_END: Final = re.compile(r"</title", re.IGNORECASE)


def bounded_history(messages: Sequence[ChatMessage]) -> tuple[HistoryMessage, ...]:
    """The newest messages that fit into a prompt, oldest first, each cut to a bound."""
    kept: list[HistoryMessage] = []
    room = HISTORY_CHARACTERS
    for message in reversed(messages):
        content = message.content[:MESSAGE_CHARACTERS]
        room -= len(content)
        if room < 0:
            break
        kept.append(HistoryMessage(message.role, content))
    return tuple(reversed(kept))


def title_of(page: bytes) -> str | None:
    """The title of an HTML page, if it has one near its beginning."""
    head = page[:TITLE_WITHIN].decode(errors="replace")
    begin = _TITLE.search(head)
    end = _TITLE_END.search(head, begin.end()) if begin else None
    if begin is None or end is None:
        return None
    clean = " ".join(unescape(head[begin.end() : end.start()]).split())
    return clean[:TITLE_CHARACTERS] or None


def remembered(text: str, suggestions: Sequence[str]) -> str:
    """Suggestions are kept in the form that the frontend reads back (legacy-ws §3)."""
    return f"{text}\n\n提案: {'、'.join(suggestions)}" if suggestions else text


def style_text(choice: StyleChoice | None) -> str | None:
    preset = find_style(choice) if choice is not None else None
    return style_document(preset) if preset is not None else None


def asset_lines(assets: Sequence[Asset]) -> tuple[str, ...]:
    """One line an asset: what it is called, and the address that games use."""
    return tuple(
        f"{asset.original_name} ({asset.mime_type}): /user-assets/{asset.owner_id}/{asset.alias}"
        for asset in assets[-MAX_ASSETS:]
        if asset.owner_id is not None
    )
