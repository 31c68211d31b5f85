"""`POST /generate`, `GET /runs/{run_id}/events`, `POST /runs/{run_id}/cancel`."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from time import monotonic
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from modal_app.journal_lines import Entry, JournalCorrupt
from modal_app.layout import RunDirectory
from modal_app.routes.requests import (
    last_event_id,
    read_object,
    required_message,
    required_uuid,
    typed,
)
from modal_app.routes.responses import SSE_HEADERS, ByteStream, Json
from modal_app.routes.state import State, state_of
from schema.execution import RunContext, RunRequest
from schema.identifiers import random_uuid

MAX_SKILLS: Final = 50

_HEARTBEAT: Final = b": heartbeat\n\n"
_log: Final = logging.getLogger(__name__)


async def generate(request: Request) -> Response:
    """Start or join a run, then stream its events; a client that goes does not stop it."""
    state = state_of(request)
    after = last_event_id(request)
    body = await read_object(request, state.settings.max_body_bytes)
    run = await state.runs.start(_run_request(body))
    return ByteStream(_frames(state, run, after), SSE_HEADERS)


async def events(request: Request) -> Response:
    """Stream the events of a run after `Last-Event-ID`."""
    state = state_of(request)
    run = state.runs.find(request.path_params["run_id"])
    return ByteStream(_frames(state, run, last_event_id(request)), SSE_HEADERS)


async def cancel(request: Request) -> Response:
    """Stop a run, known or not yet; answers when nothing of it is left."""
    status = await state_of(request).runs.cancel(request.path_params["run_id"])
    return Json({"status": status})


async def _frames(state: State, run: RunDirectory, after: int) -> AsyncGenerator[bytes, None]:
    """Events as frames, a heartbeat in silence; ends with the run, its time or the server.

    It begins with a heartbeat, so that the client knows from the start that silence means trouble.
    """
    settings = state.settings
    started = spoken = monotonic()
    yield _HEARTBEAT
    try:
        async with aclosing(state.runs.follow(run, after, ticks=True)) as batches:
            async for batch in batches:
                now = monotonic()
                if batch:
                    spoken = now
                    yield b"".join(map(_frame, batch))
                elif now - spoken >= settings.heartbeat_seconds:
                    spoken = now
                    yield _HEARTBEAT
                if now - started >= settings.response_seconds or state.draining.is_set():
                    return
    except FileNotFoundError:
        _log.info("the run was removed while it was read", extra={"run_id": run.run_id})
    except JournalCorrupt:
        _log.exception("a journal cannot be read", extra={"run_id": run.run_id})


def _frame(entry: Entry) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (entry.id, entry.data)


def _run_request(body: dict[str, Any]) -> RunRequest:
    """The typed request. The older body has a finished `prompt` instead of `message`."""
    given = {name: value for name, value in body.items() if value is not None}
    return RunRequest(
        user_id=required_uuid(given.get("user_id"), "user_id"),
        project_id=required_uuid(given.get("project_id"), "project_id"),
        run_id=required_uuid(given.get("run_id", random_uuid()), "run_id"),
        message=required_message(given.get("message") or given.get("prompt")),
        skills=typed(given.get("skills", ()), tuple[str, ...], "skills")[:MAX_SKILLS],
        context=typed(given.get("context", {}), RunContext, "context"),
    )
