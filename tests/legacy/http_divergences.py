"""Where HTTP knowingly differs from what was recorded: everywhere, in projects and in games.

Each row: an id behind `http.divergence.`, the section with the old behaviour, what that was, what
ours is, and the reference that marks the old one as a defect or replaces it.
"""

from typing import Final

_MATRIX: Final = "legacy-http.md §7.2"
_SECURITY: Final = "legacy-http.md §7"

DIVERGENCES: Final = (
    (
        "bodies-are-refused-in-json",
        "1.0",
        "A form that is refused is 500 and malformed JSON 400, both as an HTML page.",
        "413, 415 and 400 with a JSON error.",
        _MATRIX,
    ),
    (
        "bodies-are-read-for-somebody",
        "1.0",
        "JSON is parsed before the token is looked at, up to 50 MB.",
        "A body is read after the guards, and JSON up to 64 KiB, or as a picture needs.",
        _MATRIX,
    ),
    (
        "play-is-open",
        "1.1",
        "The page to play asks for a token, which no navigation carries.",
        "It is a static page for everybody.",
        _MATRIX,
    ),
    (
        "jobs-are-taken-up",
        "1.4",
        "A pending job of an earlier process stays pending.",
        "It is taken up, or failed, when the gateway starts.",
        "design.md §A generation's life",
    ),
    (
        "cancel-tells-the-row",
        "1.4",
        "Cancelling tells an empty object and changes ended jobs.",
        "It tells the row and leaves ended jobs as they are.",
        _MATRIX,
    ),
    (
        "projects-are-bounded",
        "1.3",
        "Every project of a user is listed.",
        "The 1,000 touched last are. The later server allowed a few projects only.",
        "legacy-http.md §8",
    ),
    (
        "jobs-are-bounded",
        "1.4",
        "`limit` has no cap.",
        "At most 1,000 jobs are listed.",
        "legacy-http.md §1.4",
    ),
    (
        "download-has-a-length",
        "1.3",
        "The archive is streamed, so that its entries carry a descriptor of 16 bytes.",
        "It is made first: bounded, with a length, and an entry needs no descriptor.",
        "legacy-http.md §1.3",
    ),
    (
        "preview-is-inert",
        "1.3",
        "The preview of a game, opened with a token, runs on this origin.",
        "It is sandboxed, and nobody but its reader keeps it.",
        _SECURITY,
    ),
    (
        "games-are-locked-up",
        "1.5",
        "A game's document shares the origin with its player's tokens.",
        "It is sandboxed and has no origin.",
        _SECURITY,
    ),
    (
        "games-load-their-files",
        "1.5",
        "Files that a game asks for need a token, which nothing sends.",
        "The address that a browser is sent to carries a grant, which they inherit.",
        _MATRIX,
    ),
    (
        "games-are-bytes",
        "1.5",
        "What is not on a list of types is decoded and encoded again, without ranges.",
        "Every file is sent as its bytes, with ranges.",
        _MATRIX,
    ),
    (
        "dotfiles-are-hidden",
        "1.5",
        "`.git/config` and the like are served to the owner.",
        "They are not there.",
        _MATRIX,
    ),
    (
        "folders-are-missing",
        "1.5",
        "GET of a folder ends the process.",
        "It is 404.",
        _MATRIX,
    ),
    (
        "private-is-not-public",
        "1.5",
        "Private files may be kept by caches, or say nothing of it.",
        "They are `private, no-cache`.",
        _SECURITY,
    ),
)
