"""How our answers to the recorded requests differ from the recorded ones, and why.

A row stands for every case that it names. Taken together, the rows of a case are all that may
differ, and all of it must.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.adapters.pages.served import P1, U1
from tests.legacy.http_stand import J1


@dataclass(frozen=True, slots=True)
class Difference:
    """`ours` are headers and keys of the body (None: we have no such header).

    `divergence` is the row of `http_requirements.DIVERGENCES` that has the clause.
    """

    divergence: str
    cases: tuple[str, ...]
    ours: Mapping[str, Any]


_JSON: Final = "application/json; charset=utf-8"
_NO_PAGE: Final = {
    "content-type": _JSON,
    "content-security-policy": None,
    "x-content-type-options": None,
}
_NOSNIFF: Final = {"x-content-type-options": "nosniff"}
_PRIVATE: Final = {"cache-control": "private, no-cache"}
_GAMES: Final = (
    *("game index query token", "game dir", "game sub", "game second html"),
    *("game sub no token", "game other user", "game bad ids", "game bad ids anon"),
    *("game missing", "game no project", "game traversal"),
)
_FILES: Final = ("file anon public", "ua", "ua range", "ua cors bad")
_NO_FILES: Final = (
    *("file missing", "private anon", "del ua", "ua none", "ua bad uid"),
    *("private ua anon", "private ua other", "global none"),
)
_UPLOADS: Final = ("up ok", "up dup", "up after delete keeps alias reserved")
_ROW: Final = {
    "id": J1,
    "user_id": U1,
    "project_id": P1,
    "status": "cancelled",
    "progress": 0,
    "progress_message": None,
    "result": None,
    "error": None,
    "created_at": "a time",
    "updated_at": "a time",
}

DIFFERENCES: Final = (
    Difference(
        "http.divergence.games-are-locked-up",
        _GAMES,
        {
            "content-security-policy": "sandbox allow-scripts allow-pointer-lock allow-forms "
            "allow-modals allow-orientation-lock",
            **_NOSNIFF,
        },
    ),
    Difference("http.divergence.games-are-bytes", _GAMES[:4], {"accept-ranges": "bytes"}),
    Difference("http.divergence.private-is-not-public", _GAMES[:4], _PRIVATE),
    Difference(
        "http.divergence.preview-is-inert",
        ("preview",),
        {"content-security-policy": "sandbox", **_NOSNIFF, **_PRIVATE, "accept-ranges": "bytes"},
    ),
    Difference("http.divergence.download-has-a-length", ("download",), {"bytes": 172}),
    Difference("http.divergence.jobs-are-taken-up", ("job",), {"body.status": "processing"}),
    Difference("http.divergence.jobs-are-taken-up", ("active",), {"body.job.status": "processing"}),
    Difference("http.divergence.cancel-tells-the-row", ("cancel",), {"body.job": _ROW}),
    Difference("http.divergence.uploads-have-a-name", _UPLOADS, {"body.asset.name": "player.png"}),
    *(
        Difference("http.divergence.uploads-have-a-name", (case,), {"body.asset.name": name})
        for case, name in {
            "up upper ext": "Photo.PNG",
            "up jp": "プレイヤー.png",
            "up noext": "Test Upload Image",
        }.items()
    ),
    *(
        Difference(
            "http.divergence.bodies-are-refused-in-json",
            (case,),
            {"status": status, "body": {"error": text}, **_NO_PAGE},
        )
        for case, status, text in (
            ("up too big", 413, "File too large"),
            ("up bad type", 415, "Invalid file type"),
            ("up wrong field", 400, "Unexpected field"),
        )
    ),
    Difference(
        "http.divergence.bodies-are-refused-in-json",
        ("draft bad json",),
        {"body": {"error": "Invalid JSON"}, **_NO_PAGE},
    ),
    Difference(
        "http.divergence.drafts-are-kept",
        ("draft get unchanged",),
        {
            "body.title": "T2",
            "body.description": "",
            "body.how_to_play": "",
            "body.howToPlay": "",
            "body.tags": [],
            "body.remix": "disallowed",
        },
    ),
    Difference(
        "http.divergence.drafts-need-no-folder",
        ("draft put no dir",),
        {"status": 200, "body.error": "missing", "body.success": True},
    ),
    Difference(
        "http.divergence.thumbnails-are-what-they-are",
        ("thumb",),
        {"content-type": "image/png", **_NOSNIFF},
    ),
    Difference(
        "http.divergence.assets-are-inert",
        (*_FILES, "ua cors ok", "private ua owner query"),
        {
            "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            **_NOSNIFF,
        },
    ),
    Difference(
        "http.divergence.games-read-assets",
        (*_FILES, *_NO_FILES),
        {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "GET, OPTIONS",
            "access-control-allow-headers": "Content-Type, Authorization",
            "vary": "Origin",
        },
    ),
    Difference("http.divergence.private-is-not-public", ("private ua owner query",), _PRIVATE),
    Difference("http.divergence.private-is-not-public", ("movie head",), {**_PRIVATE, **_NOSNIFF}),
    Difference(
        "http.divergence.play-is-open",
        ("play anon", "play bad", "play other"),
        {
            "status": 200,
            "content-type": "text/html; charset=UTF-8",
            "cache-control": "public, max-age=0",
            "accept-ranges": "bytes",
            "body": "<title>play.html</title>",
        },
    ),
)
