"""What is added to a game's `index.html` when it is served.

Source: `contract/legacy-http.md` §1.5. Everything works on bytes: a page that is not UTF-8 keeps
its own.
"""

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

_RESOURCES: Final = Path(__file__).parent / "resources"
WELCOME: Final = (_RESOURCES / "welcome.html").read_bytes()
_SCRIPT: Final = b"<script>\n%s</script>\n" % (_RESOURCES / "game_page.js").read_bytes()
# Part of the validator of a page: it changes when the script does.
SCRIPT_TAG: Final = sha256(_SCRIPT).hexdigest()[:8]

_HEADS: Final = (b"<head>", b"<HEAD>")
_LOADING: Final = re.compile(
    rb"""<(?:script|img|audio|video)(?=\s)(?:[^<>"']|"[^"<>]{0,2000}"|'[^'<>]{0,2000}'){1,400}>""",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(rb"""\ssrc\s*=\s*["']?\s*([^"'\s>]+)""", re.IGNORECASE)
_NOT_RELATIVE: Final = re.compile(rb"/|\\|[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def game_page(page: bytes) -> bytes:
    """The page with our script behind its first `<head>`, or in front of everything.

    Tags that load files of the game load them with CORS, as our script makes its own scripts do:
    in a document without an origin an error in any other script has no message.
    """
    marked = _LOADING.sub(_with_cors, page)
    for head in _HEADS:
        before, found, after = marked.partition(head)
        if found:
            return before + found + b"\n" + _SCRIPT + after
    return _SCRIPT + marked


def _with_cors(match: re.Match[bytes]) -> bytes:
    tag = match[0]
    source = _SOURCE.search(tag)
    if source is None or _NOT_RELATIVE.match(source[1]) or b"crossorigin" in tag.lower():
        return tag
    name, blank, rest = re.split(rb"(\s)", tag, maxsplit=1)
    return name + b' crossorigin="anonymous"' + blank + rest
