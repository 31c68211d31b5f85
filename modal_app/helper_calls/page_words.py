"""Words for a game's page, taken from what the game says of itself: no model is asked.

Pure. The spec is Markdown whose first heading is the title (`prompt.RULES`).
"""

import html
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from modal_app.helper_calls.answers import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_HOW_TO_PLAY_CHARACTERS,
    MAX_TAGS,
    MAX_TITLE_CHARACTERS,
)
from schema.helper_calls import (
    MAX_CODE_CHARACTERS,
    MAX_SPEC_CHARACTERS,
    PublishInfo,
    PublishInfoRequest,
)

# What closes a heading is taken off apart: within the pattern, long lines would cost their square.
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(\S.*)$")
_PAGE_TITLE: Final = re.compile(r"<title[^>]*>([^<]+)</title>", re.IGNORECASE)
_DECORATION: Final = re.compile(r"^[ \t]*(?:[-*+>][ \t]+|\d+\.[ \t]+)|[*_`]{1,3}")
_PLAYING: Final = re.compile(
    r"操作|遊び方|あそびかた|ルール|control|how to play|rules", re.IGNORECASE
)
_GENRES: Final[Mapping[str, tuple[str, ...]]] = {
    "パズル": ("パズル", "puzzle"),
    "シューティング": ("シューティング", "弾", "shoot"),
    "レース": ("レース", "レーシング", "racing"),
    "アクション": ("アクション", "ジャンプ", "action", "jump"),
    "迷路": ("迷路", "maze"),
    "クイズ": ("クイズ", "quiz"),
    "スポーツ": ("サッカー", "野球", "スポーツ", "sport"),
    "RPG": ("rpg", "勇者", "冒険"),
}
_USUAL_TAGS: Final = ("ゲーム", "ブラウザ", "ひまつぶし")
_UNNAMED: Final = "ブラウザゲーム"


def page_words(request: PublishInfoRequest) -> PublishInfo:
    """The project's name, and what the spec and the page tell of looks, controls and genre.

    Of spec and page as much is read as the gateway sends: whoever asks is not to hold us up.
    """
    request = msgspec.structs.replace(
        request,
        spec_content=request.spec_content[:MAX_SPEC_CHARACTERS],
        game_code=request.game_code[:MAX_CODE_CHARACTERS],
    )
    parts = _parts(request.spec_content)
    title = _title(request, parts)
    playing = next((text for heading, text in parts if text and _PLAYING.search(heading)), "")
    about = next((text for heading, text in parts if text and text != playing), "")
    description = about or f"「{title}」は、ブラウザですぐに遊べるゲームです。"
    return PublishInfo(
        title[:MAX_TITLE_CHARACTERS],
        description[:MAX_DESCRIPTION_CHARACTERS],
        (playing or _controls(request.game_code))[:MAX_HOW_TO_PLAY_CHARACTERS],
        _tags(request),
        fallback=True,
    )


def _parts(spec: str) -> list[tuple[str, str]]:
    """Headings with the text below each, without its marks."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in spec.splitlines():
        if heading := _HEADING.match(line):
            parts.append((heading[1].rstrip().rstrip("#").rstrip(), []))
        elif words := _DECORATION.sub("", line).strip():
            parts[-1][1].append(words)
    return [(heading, " ".join(lines)) for heading, lines in parts]


def _title(request: PublishInfoRequest, parts: list[tuple[str, str]]) -> str:
    heading = next((heading for heading, _ in parts if heading), "")
    page = _PAGE_TITLE.search(request.game_code)
    named = (request.project_name, heading, html.unescape(page[1]) if page else "", _UNNAMED)
    return next(title for title in (" ".join(each.split()) for each in named) if title)


def _controls(code: str) -> str:
    ways = []
    if re.search(r"touchstart|pointerdown|onpointer", code):
        ways.append("画面のタッチ")
    if re.search(r"keydown|keyup|keyIsDown", code):
        ways.append("キーボード")
    by = "と".join(ways) or "タッチやキーボード"
    return f"{by}で操作します。くわしくはゲーム画面の案内をごらんください。"


def _tags(request: PublishInfoRequest) -> tuple[str, ...]:
    words = f"{request.project_name}\n{request.spec_content}".lower()
    genres = [tag for tag, signs in _GENRES.items() if any(sign in words for sign in signs)]
    space = "3D" if re.search(r"\bthree\b", request.game_code, re.IGNORECASE) else "2D"
    return tuple(dict.fromkeys([*genres[: MAX_TAGS - 2], space, *_USUAL_TAGS]))[:MAX_TAGS]
