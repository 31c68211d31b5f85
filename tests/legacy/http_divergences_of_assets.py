"""Where HTTP knowingly differs from what was recorded: in assets and in publishing.

Rows as in `http_divergences.py`.
"""

from typing import Final

_MATRIX: Final = "legacy-http.md §7.2"
_SECURITY: Final = "legacy-http.md §7"

DIVERGENCES: Final = (
    (
        "uploads-have-a-name",
        "1.6",
        "The chat of the editor reads a key `name` that is not told.",
        "It is told.",
        "legacy-http.md §1.6",
    ),
    (
        "assets-are-bounded",
        "1.6",
        "A user stores any number of files, and all are listed.",
        "5,000, then 409; the newest 1,000 are listed. The later server had quotas.",
        "legacy-http.md §8",
    ),
    (
        "uploads-are-harmless",
        "5.2",
        "The extension of `originalName` is unchecked, so that HTML is served as such.",
        "Extensions that are not on the list are refused.",
        "legacy-http.md §5.2",
    ),
    (
        "assets-are-inert",
        "1.6",
        "SVG and whatever else was uploaded runs on this origin.",
        "Assets are sandboxed, their types are never guessed, and unknown ones are downloads.",
        _SECURITY,
    ),
    (
        "games-read-assets",
        "1.6",
        "Only origins on the list may read the pixels of public assets.",
        "Every origin may, and that there is none; credentials are for no origin, as games have "
        "none.",
        _SECURITY,
    ),
    (
        "search-sees-all-of-ones-own",
        "1.6",
        "200 of everybody's assets are searched, and others' are dropped afterwards.",
        "All of the viewer's are searched.",
        _MATRIX,
    ),
    (
        "publishing-needs-a-boolean",
        "1.6",
        "Without a boolean the process ends.",
        "It is 400.",
        _MATRIX,
    ),
    (
        "images-have-a-style",
        "1.6",
        "`style` is ignored, and `size` makes a ratio that is not sent on.",
        "Both reach the provider.",
        "legacy-http.md §1.6",
    ),
    (
        "images-are-sent-along",
        "1.6",
        "The background is removed of whatever address `image` holds.",
        "Only of a `data:image/` URL.",
        _SECURITY,
    ),
    (
        "drafts-are-kept",
        "0.8",
        "A draft that says `disallowed` is lost, and answered with success.",
        "It is kept, and told as the page said it.",
        _MATRIX,
    ),
    (
        "drafts-are-checked",
        "1.7",
        "Every type and length is taken; what the table refuses is lost.",
        "400 beyond the limits of the page, and for other types and choices.",
        _MATRIX,
    ),
    (
        "drafts-need-no-folder",
        "1.7",
        "A draft is written into the project's folder; without one its path is told with 500.",
        "A draft is a row, whether the project has files or not.",
        _SECURITY,
    ),
    (
        "publishing-makes-no-versions",
        "6.1",
        "Drafts, thumbnails and movies are committed, and so are versions of the game.",
        "None of them is a version.",
        "legacy-http.md §6.3",
    ),
    (
        "thumbnails-are-what-they-are",
        "1.7",
        "Any bytes are kept, and served as WebP.",
        "Only pictures are kept, and are served as what they are.",
        _MATRIX,
    ),
    (
        "missing-providers-are-told",
        "1.7",
        "Without a tool to make a thumbnail or a movie: 500 with the tool's output.",
        "503, and nothing of our inside.",
        _SECURITY,
    ),
    (
        "turns-are-counted",
        "7",
        "Nothing limits how many pictures a user has made at once.",
        "Three at once, then 429.",
        "legacy-http.md §8",
    ),
)
