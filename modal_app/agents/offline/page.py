"""The page of a game: made from templates, read back and changed in place.

An edit touches the parameters and the title only, so that whatever else was changed in the page
stays. Titles and parameters are data: nothing in them can become markup or script.
"""

import functools
import html
import re
from pathlib import Path
from typing import Final

import msgspec

from modal_app.agents.offline.parameters import GameParameters
from modal_app.agents.offline.vocabulary import Game

_TEMPLATES: Final = Path(__file__).parent / "games"
_BEFORE_THE_GAME: Final = ("values", "sound", "effects", "controls")
_AFTER_THE_GAME: Final = ("engine", "clock")
_ART: Final[dict[Game, str]] = {"shooter": "shooter-art", "memory": "memory-symbols"}
_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_PARAMETERS: Final = re.compile(
    r'(<script type="application/json" id="game-parameters">)(.*?)(</script>)', re.DOTALL
)
_TITLE: Final = re.compile(r"(<title[^>]*>)([^<]*)(</title\s*>)", re.IGNORECASE)
_WELCOME: Final = "Welcome to Game Creator"
_WELCOME_CHARACTERS: Final = 2_000

# `</script>`, `<!--` and the line ends that JavaScript once refused inside strings.
_SCRIPT_ESCAPES: Final = {
    ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"
}


def render(parameters: GameParameters) -> str:
    """The whole page of a new game."""
    values = {
        "language": parameters.language,
        "title": html.escape(parameters.title),
        "parameters": _encoded(parameters),
        "style": _template("style.css"),
        "script": _script(parameters.game),
    }
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], _template("shell.html"))


def read(page: str) -> GameParameters | None:
    """The parameters of a page that `render` has made; None for any other page."""
    match = _PARAMETERS.search(page)
    if match is None:
        return None
    try:
        return msgspec.json.decode(match.group(2), type=GameParameters)
    except msgspec.MsgspecError:
        return None


def revised(page: str, parameters: GameParameters) -> str:
    """A page that `read` understands, with other parameters of the same game."""
    page = _PARAMETERS.sub(
        lambda match: match.group(1) + _encoded(parameters) + match.group(3), page, count=1
    )
    return retitled(page, parameters.title) or page


def retitled(page: str, title: str) -> str | None:
    """Any page with another `<title>`; None when it has none, or is not in UTF-8."""
    if "\ufffd" in page or not _TITLE.search(page):
        return None
    return _TITLE.sub(
        lambda match: match.group(1) + html.escape(title) + match.group(3), page, count=1
    )


def is_welcome(page: str) -> bool:
    """Whether this is the page of a project without a game (`contract/legacy-http.md`, git)."""
    return len(page) < _WELCOME_CHARACTERS and _WELCOME in page


def _encoded(parameters: GameParameters) -> str:
    return msgspec.json.encode(parameters).decode().translate(_SCRIPT_ESCAPES)


def _script(game: Game) -> str:
    art = (_ART[game],) if game in _ART else ()
    parts = (*_BEFORE_THE_GAME, *art, game, *_AFTER_THE_GAME)
    return "\n".join(_template(f"{part}.js").rstrip() for part in parts)


@functools.cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
