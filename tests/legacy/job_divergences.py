"""Where jobs and their frames knowingly differ from what was recorded."""

from typing import Final

from tests.legacy.rules import Divergence
from tests.legacy.rules import socket_divergence as ws

_DEFECTS: Final = "legacy-ws.md §10"

DIVERGENCES: Final[tuple[Divergence, ...]] = (
    ws(
        "generator",
        "4.2",
        "Gemini writes code, with percentages and texts of its own.",
        "The agent writes it; percentages and texts are those of its run.",
        "design.md §Message pipeline",
    ),
    ws(
        "result",
        "4.3",
        "`result` of a game holds its whole page as `html`.",
        "It holds `message` and `generator`; no page reads `html`.",
        "legacy-ws.md §6",
    ),
    ws(
        "failure-keys",
        "3",
        "`failed` ends with `error`.",
        "`code`, `userMessage` and `recoverable` follow it, the additions of the later server.",
        "legacy-ws.md §8.3",
    ),
    ws(
        "one-cancelled",
        "4.5",
        "Whoever stops a job gets two `cancelled` frames, and a `failed` or more after them.",
        "One frame that has the keys of both, and nothing after it.",
        "legacy-ws.md §4.5",
    ),
    ws(
        "cancel-ended",
        "2.9",
        "Cancelling a job that has ended overwrites its status.",
        "It is answered, and the row stays.",
        _DEFECTS,
    ),
    ws(
        "cancel-project",
        "2.9",
        "Without an id only a process of the synchronous mode is stopped.",
        "Whatever runs in the current project is stopped: a cancel that cancels.",
        _DEFECTS,
    ),
    ws(
        "refused-words",
        "2.8",
        "The words are in the history before admission, and stay when it refuses.",
        "Neither a refusal nor joining a running job stores anything.",
        "design.md §Message pipeline",
    ),
    ws(
        "question-once",
        "4.3",
        "The question for the dimension stores the user's words twice.",
        "Once.",
        _DEFECTS,
    ),
    ws(
        "select-race",
        "2.3",
        "A job that ends while its project is being selected is never seen to end.",
        "Row and position come from the log together; the end follows.",
        _DEFECTS,
    ),
    ws(
        "idle-subscription",
        "2.3",
        "Selecting an idle project leaves the subscription to another one's job.",
        "It ends it.",
        _DEFECTS,
    ),
    ws(
        "game-updated-everywhere",
        "4.6",
        "`gameUpdated` comes only to the socket that sent the message.",
        "It comes on every subscription.",
        _DEFECTS,
    ),
    ws(
        "game-updated-project",
        "3",
        "`gameUpdated` names the project that the socket has selected.",
        "It names the project of the job.",
        _DEFECTS,
    ),
    ws(
        "text-so-far",
        "4.7",
        "Whoever comes back during a job is not told the text so far.",
        "It is one `stream` frame after `projectSelected`, so that every view agrees.",
        "design.md §The log",
    ),
    ws(
        "restart",
        "4.7",
        "Jobs that a restart interrupted lock their projects for ever.",
        "They go on where their run is known, and have failed where it is not.",
        _DEFECTS,
    ),
    ws(
        "deadline",
        "4.4",
        "A job that takes too long is told as up to three ends, of five minutes after ten.",
        "One `failed`, whose text follows from the configured deadline.",
        _DEFECTS,
    ),
    ws(
        "retraction",
        "3",
        "Text that a broken stream took back is followed by the same text again.",
        "A line says that the answer begins anew.",
        "design.md §A generation's life",
    ),
    ws(
        "slot-leak",
        "4.1",
        "A job that cannot be stored keeps its slot, and its user never gets another.",
        "The slot is given back.",
        _DEFECTS,
    ),
    ws(
        "fix-is-an-edit",
        "2.8",
        "The words of an automatic fix may be taken for a question or the wish to go back.",
        "It is an edit, whatever its words are.",
        _DEFECTS,
    ),
    ws(
        "restore-question",
        "4.3",
        "The question before going back may be followed by progress and a result without a mode.",
        "It is followed by its end, with mode `restore`.",
        _DEFECTS,
    ),
)
