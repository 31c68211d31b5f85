"""Where the socket and its messages knowingly differ from what was recorded."""

from typing import Final

from tests.legacy.rules import Divergence
from tests.legacy.rules import socket_divergence as ws

_DEFECTS: Final = "legacy-ws.md §10"

DIVERGENCES: Final[tuple[Divergence, ...]] = (
    ws(
        "nested-error",
        "2.8",
        "Errors of admission have no `message` at their top, and the page throws.",
        "They have it, and the nested object too.",
        "legacy-ws.md §0.3",
    ),
    ws(
        "synchronous-mode",
        "2.8",
        "`async: false` runs in place, told by `status`, `info` and `complete`.",
        "The message starts a job like any other; these frames do not exist.",
        "design.md §Message pipeline",
    ),
    ws(
        "version-summary",
        "2.11",
        "`summary` is always empty: it is looked for under a key that nothing writes.",
        "It is the summary that the version's run gave.",
        "legacy-http.md §6.4",
    ),
    ws(
        "content",
        "2.8",
        "Words that are missing or no text start a job that never ends and locks its project.",
        "`Invalid request`; blank and far too long words too.",
        _DEFECTS,
    ),
    ws(
        "message-ownership",
        "2.8",
        "Ownership is not checked again by `message`.",
        "It is checked by every message.",
        _DEFECTS,
    ),
    ws(
        "stripe",
        "2.10",
        "A `|` in a commit's subject makes listing and selecting fail for ever.",
        "It is a character like any other.",
        _DEFECTS,
    ),
    ws(
        "another-user",
        "1",
        "A second `init` as another user keeps the first one's project.",
        "Another user starts from nothing.",
        _DEFECTS,
    ),
    ws(
        "ended-token",
        "1",
        "After the token has ended everything is `Access denied`.",
        "`Token expired`; another `init` on the same socket goes on.",
        _DEFECTS,
    ),
    ws(
        "token-texts",
        "2.1",
        "A refused token is answered in the words of the JWT library.",
        "With `Invalid token`, of the closed list of texts.",
        _DEFECTS,
    ),
    ws(
        "introduction-timeout",
        "1",
        "A socket without `init` may stay open for ever.",
        "It is closed with 4008 after ten seconds.",
        "legacy-ws.md §8.1",
    ),
    ws(
        "payload-limit",
        "1",
        "Frames of up to 100 MiB are read.",
        "Up to 1 MiB, the limit that the later server had configured.",
        "legacy-ws.md §8.1",
    ),
    ws(
        "messages-at-a-time",
        "1",
        "A socket may have any number of messages in work.",
        "Sixteen; more are refused with a coded error. The later server had configured limits.",
        "legacy-ws.md §8.1",
    ),
    ws(
        "shutdown",
        "1",
        "The server has no close code of its own but 4001.",
        "A server that restarts says 1012, and pages come back to their job.",
        "design.md §A generation's life",
    ),
    ws(
        "delete-running",
        "2.5",
        "A job goes on when its project is deleted.",
        "It is stopped first, and told so: every job ends exactly once.",
        "design.md §A generation's life",
    ),
    ws(
        "restore-version",
        "2.12",
        "Files are checked out over the present ones, without a commit.",
        "The earlier version as a whole becomes a new one, and no job may run meanwhile.",
        "legacy-modal.md §7.2",
    ),
    ws(
        "names",
        "2.6",
        "Names may have any length.",
        "200 characters at most. The later server had configured limits.",
        "legacy-ws.md §8.1",
    ),
)
