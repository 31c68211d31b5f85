"""The agent without a model: built-in games, chosen and changed by the words of a message."""

import os
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread

from modal_app.agents.offline import narrative, page, specification
from modal_app.agents.offline.parameters import GameParameters, create, revise
from modal_app.agents.offline.understanding import Wishes, understand
from modal_app.ports import AgentEvent, AgentTask, Wrote
from modal_app.specs import SPEC_FILE
from schema.errors import ERRORS, ErrorCode
from schema.execution import Done, Error, Status, Stream

PAGE_NAME: Final = "index.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message comes to. `content` is the page to write, None to leave all as it is; `spec`
    the text to keep beside it, if that changes.

    `tool` is `Write` for a new page and `Edit` for a changed one; `paragraphs` are told while it
    works, `closing` when it has ended.
    """

    closing: str
    content: str | None = None
    tool: str = "Write"
    paragraphs: tuple[str, ...] = ()
    spec: str | None = None


class OfflineAgent:
    """Implements `modal_app.ports.Agent`, deterministically and without any network.

    `pacing` is the pause between two pieces of text, in seconds.
    """

    def __init__(self, *, pacing: float = 0.015) -> None:
        self._pacing: Final = pacing

    async def run(self, task: AgentTask) -> AsyncGenerator[AgentEvent, None]:
        """Make a game, change the one that is there, or say why not."""
        wishes = understand(task.message)
        if task.style and wishes.mood is None and not wishes.colours:
            wishes = replace(wishes, mood=understand(task.style).mood)
        language = wishes.language
        yield Status(message=narrative.text("announcement", language), progress=2)
        yield Status(message=narrative.text("reading", language), progress=10)
        path = task.workspace / PAGE_NAME
        try:
            outcome = await anyio.to_thread.run_sync(_prepare, task, wishes)
            progress = 20
            for block, paragraph in enumerate(outcome.paragraphs, start=1):
                for piece in narrative.pieces(paragraph):
                    await anyio.sleep(self._pacing)
                    yield Stream(content=piece, block=block)
                progress += 20
                yield Status(message=narrative.text("designing", language), progress=progress)
            if outcome.content is not None:
                step = "writing" if outcome.tool == "Write" else "editing"
                yield Status(
                    message=narrative.text(step, language),
                    progress=80,
                    tool=outcome.tool,
                    path=PAGE_NAME,
                )
                await anyio.to_thread.run_sync(_write, path, outcome.content)
                yield Wrote(PAGE_NAME, outcome.content)
            if outcome.spec is not None:
                spec = task.workspace / SPEC_FILE
                await anyio.to_thread.run_sync(_write, spec, outcome.spec)
        except OSError:
            failure = ERRORS[ErrorCode.WORKSPACE_ERROR]
            yield Error(
                code=ErrorCode.WORKSPACE_ERROR,
                user_message=failure.message,
                recoverable=failure.retryable,
            )
            return
        yield Status(message=narrative.text("finishing", language), progress=95)
        yield Done(result=outcome.closing)


def decide(message: str, wishes: Wishes, present: str | None) -> Outcome:
    """What to do with a message, given the page that exists (None: there is none)."""
    if present is None or page.is_welcome(present):
        return _new_game(message, wishes, replacing=False)
    parameters = page.read(present)
    if _asks_for_another(wishes, parameters):
        return _new_game(message, wishes, replacing=True)
    if parameters is None:
        return _foreign(wishes, present)
    return _edit(wishes, present, parameters)


def _asks_for_another(wishes: Wishes, parameters: GameParameters | None) -> bool:
    """A game by name in a request to make one; the same game only when asked for afresh."""
    if wishes.afresh:
        return True
    if not (wishes.names_game and wishes.creates):
        return False
    return parameters is None or parameters.game != wishes.game


def _new_game(message: str, wishes: Wishes, *, replacing: bool) -> Outcome:
    language = wishes.language
    parameters = create(message, wishes)
    return Outcome(
        content=page.render(parameters),
        paragraphs=(
            narrative.plan(parameters, wishes, replacing=replacing),
            narrative.how_to_play(parameters, language),
        ),
        closing=narrative.text(
            "made", language, title=parameters.title, games=narrative.game_list(language)
        ),
    )


def _edit(wishes: Wishes, present: str, before: GameParameters) -> Outcome:
    language = wishes.language
    if not wishes.changes:
        games = narrative.game_list(language)
        return Outcome(closing=narrative.text("not understood", language, games=games))
    after = revise(before, wishes)
    if after == before:
        return Outcome(closing=narrative.text("already", language))
    changes = narrative.changes(before, after, language)
    return Outcome(
        content=page.revised(present, after),
        tool="Edit",
        paragraphs=(narrative.text("edit", language, changes=changes),),
        closing=narrative.text("edited", language, changes=changes),
    )


def _foreign(wishes: Wishes, present: str) -> Outcome:
    language = wishes.language
    content = page.retitled(present, wishes.title) if wishes.title else None
    if content is None or wishes.title is None:
        games = narrative.game_list(language)
        return Outcome(closing=narrative.text("foreign", language, games=games))
    label = "title" if language == "en" else "タイトル"
    changes = f"{label}: {wishes.title}"
    return Outcome(
        content=content,
        tool="Edit",
        paragraphs=(narrative.text("edit", language, changes=changes),),
        closing=narrative.text("edited", language, changes=changes),
    )


def _prepare(task: AgentTask, wishes: Wishes) -> Outcome:
    present = _read(task.workspace / PAGE_NAME)
    outcome = decide(task.message, wishes, present)
    if outcome.content is None or not _is_free(task.workspace / SPEC_FILE):
        return outcome
    before = page.read(present) if present is not None else None
    spec = specification.revised(
        _read(task.workspace / SPEC_FILE), before, page.read(outcome.content), wishes.title
    )
    return replace(outcome, spec=spec)


def _read(path: Path) -> str | None:
    """The file that exists; a link is not followed out of the workspace."""
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes().decode(errors="replace")


def _is_free(path: Path) -> bool:
    """Whether there can be a file: nothing else has taken its name or its directory's."""
    directory = path.parent
    taken = directory.is_symlink() or (directory.exists() and not directory.is_dir())
    return not (taken or path.is_dir())


def _write(path: Path, content: str) -> None:
    """Replace the file in one step, so that nobody ever sees half of it."""
    path.parent.mkdir(exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-", suffix=path.suffix)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
