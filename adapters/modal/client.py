"""The gateway's client of the execution application, wherever that runs."""

import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Final

import anyio
import httpx

from adapters.modal import requests
from adapters.modal.addresses import address
from adapters.modal.channel import TRANSIENT, Channel, Limits
from adapters.modal.helper_calls import HelperRoutes
from adapters.modal.stream import RunView, read
from adapters.modal.verbs import Verbs
from schema.errors import DreamCoreError, ErrorCode
from schema.execution import (
    GENERATE,
    RUN_CANCEL,
    RUN_EVENTS,
    Done,
    Error,
    Positioned,
    RunRequest,
)
from schema.helper_calls import (
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.models import Dimension

logger = logging.getLogger(__name__)


class ModalExecution:
    """Implements `schema.execution_port.Execution` over HTTP and Server-Sent Events.

    `endpoint` is `MODAL_ENDPOINT`, or tells the present address before every request. Every call is
    bounded while nothing arrives; the total deadline of a run is the caller's. Closing a generator
    closes its HTTP response at once and never stops the run (on an endpoint without `/runs/…`
    nothing else can). Raises ValueError for an `endpoint` that is no http(s) address.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        endpoint: Callable[[], str] | str,
        secret: str,
        *,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._limits: Final = limits or Limits()
        self._channel: Final = Channel(http, _asked(endpoint), secret, self._limits)
        self._verbs: Final = Verbs(self._channel)
        self._helper: Final = HelperRoutes(self._channel)
        self._sleep: Final = sleep

    def run(
        self, request: RunRequest, *, after: str | None = None
    ) -> AsyncGenerator[Positioned, None]:
        """See `Execution.run`. Also raises PROJECT_BUSY (another run works on the project) and
        PROMPT_TOO_LONG. `after` is a position that this class reported, else ValueError.

        The start is repeated until it is answered: the same `run_id` joins the run that it started.
        """
        return self._follow(request.run_id, after, request)

    def attach(self, run_id: str, *, after: str | None = None) -> AsyncGenerator[Positioned, None]:
        """See `Execution.attach`. `after` as in `run`."""
        return self._follow(run_id, after, None)

    async def cancel(self, run_id: str) -> None:
        """See `Execution.cancel`. Raises EXECUTION_UNAVAILABLE when nobody confirms it in time.

        An endpoint without this route answers as if the run were unknown: closing the stream is all
        that can be done there.
        """
        for attempt in range(1, self._limits.cancel_attempts + 1):
            try:
                with anyio.fail_after(self._limits.cancel):
                    await self._request_cancel(run_id)
                return
            except TRANSIENT as broken:
                logger.warning("cancel unanswered", extra={"run_id": run_id, "why": _why(broken)})
                if isinstance(broken, TimeoutError) or attempt == self._limits.cancel_attempts:
                    raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE) from broken
            await self._sleep(self._pause(attempt))

    def bundle(self, user_id: str, project_id: str, version: str) -> AsyncGenerator[bytes, None]:
        """See `Execution.bundle`. Close it with `aclosing`."""
        return self._verbs.bundle(user_id, project_id, version)

    async def restore(self, user_id: str, project_id: str, version: str) -> str:
        """See `Execution.restore`."""
        return await self._verbs.restore(user_id, project_id, version)

    async def delete_project(self, user_id: str, project_id: str) -> None:
        """See `Execution.delete_project`."""
        await self._verbs.delete_project(user_id, project_id)

    async def apply(
        self, user_id: str, project_id: str, files: Mapping[str, str], subject: str
    ) -> str | None:
        """See `Execution.apply`."""
        return await self._verbs.apply(user_id, project_id, files, subject)

    async def detect_intent(self, message: str) -> Intent:
        """See `HelperCalls.detect_intent`."""
        return await self._helper.detect_intent(message)

    async def detect_skills(
        self, message: str, dimension: Dimension, *, has_code: bool
    ) -> SkillChoice:
        """See `HelperCalls.detect_skills`."""
        return await self._helper.detect_skills(message, dimension, has_code=has_code)

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """See `HelperCalls.chat`."""
        return await self._helper.chat(request)

    async def publish_info(self, request: PublishInfoRequest) -> PublishInfo:
        """See `HelperCalls.publish_info`."""
        return await self._helper.publish_info(request)

    async def _request_cancel(self, run_id: str) -> None:
        try:
            async with self._channel.open(
                "POST", RUN_CANCEL, {"run_id": run_id}, missing=ErrorCode.RUN_NOT_FOUND
            ):
                return
        except DreamCoreError as error:
            if error.code is not ErrorCode.RUN_NOT_FOUND:
                raise

    async def _follow(
        self, run_id: str, after: str | None, request: RunRequest | None
    ) -> AsyncGenerator[Positioned, None]:
        """Events until the terminal one, over as many responses as it takes."""
        # Only endpoints with heartbeats let anybody attach.
        view = RunView(int(after or 0), beating=request is None)
        # The body that starts the run, until it is known to have started.
        start = requests.encode(request) if request is not None else None
        while True:
            try:
                async with self._channel.open(
                    "GET" if start is None else "POST",
                    RUN_EVENTS if start is None else GENERATE,
                    {"run_id": run_id},
                    headers=_headers(view),
                    body=start,
                    missing=_missing(view, starting=start is not None, started=request is not None),
                ) as response:
                    start = None
                    async with aclosing(read(response, view, self._limits)) as events:
                        async for positioned in events:
                            yield positioned
                            if isinstance(positioned.event, Done | Error):
                                _note_unknown(run_id, view)
                                return
                why = "response ended"
            except TRANSIENT as broken:
                why = _why(broken)
            except DreamCoreError as error:
                why = _why(error.__cause__ or error)
                told = {"run_id": run_id, "code": error.code, "why": why}
                logger.error("a run cannot be followed", extra=told)
                raise
            view.failures += 1
            logger.info("following a run anew", extra={"run_id": run_id, "why": why})
            if view.unnumbered or view.failures > self._limits.attempts:
                raise DreamCoreError(ErrorCode.EXECUTION_UNAVAILABLE)
            await self._sleep(self._pause(view.failures))

    def _pause(self, failures: int) -> float:
        doubled = math.ldexp(self._limits.backoff, failures - 1)
        return min(self._limits.longest_backoff, doubled) * random.uniform(0.5, 1.0)


def _asked(endpoint: Callable[[], str] | str) -> Callable[[], str]:
    if callable(endpoint):
        return endpoint
    checked = address(endpoint, GENERATE)
    return lambda: checked


def _note_unknown(run_id: str, view: RunView) -> None:
    if unknown := view.mapper.unknown:
        logger.info("ignored unknown events", extra={"run_id": run_id, "count": unknown})


def _headers(view: RunView) -> dict[str, str]:
    headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
    return {**headers, "Last-Event-ID": str(view.position)} if view.position else headers


def _missing(view: RunView, *, starting: bool, started: bool) -> ErrorCode:
    """What a 404 means: no such endpoint, one that cannot re-attach, or no such run."""
    cannot_attach = started and not view.numbered
    return ErrorCode.EXECUTION_UNAVAILABLE if starting or cannot_attach else ErrorCode.RUN_NOT_FOUND


def _why(broken: BaseException) -> str:
    """The kind of a failure, which is fit for a log; its text may hold an address."""
    return type(broken).__name__
