"""One legacy socket: a thin shell around the protocol."""

import asyncio
import logging
from contextlib import aclosing
from typing import Final

from starlette.types import Receive, Send

from adapters.legacy import frames
from adapters.legacy.answers import Answer, refused
from adapters.legacy.close_codes import Close
from adapters.legacy.frames import Frame
from adapters.legacy.handlers import answer
from adapters.legacy.joining import Joined
from adapters.legacy.messages import ClientMessage, Ping, SendMessage, Unreadable
from adapters.legacy.parsing import parse
from adapters.legacy.ports import Limits, Ports
from adapters.legacy.preconditions import goes_unanswered
from adapters.legacy.session import Session
from adapters.legacy.subscription import Subscription
from resolvers.boundary import Boundary, details
from resolvers.forms import json_text
from schema.errors import DreamCoreError, ErrorCode

logger = logging.getLogger(__name__)

_GOODBYE_SECONDS: Final = 1.0  # a peer that reads nothing does not get it


class LegacyConnection:
    """Receives in one task; every message but `ping` is handled in a task of its own, and one
    more task follows the job that the socket watches.

    `serve` returns when the client left or the socket was closed. A job that was being started
    then is started all the same: only half of it would block its project.
    """

    def __init__(self, ports: Ports, limits: Limits, receive: Receive, send: Send) -> None:
        self._ports = ports
        self._limits = limits
        self._receive = receive
        self._send_event = send
        self._session: Session | None = None
        self._handling: dict[asyncio.Task[None], ClientMessage] = {}
        self._subscription: Subscription | None = None
        self._following: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._answering = asyncio.Lock()
        self._over = asyncio.Event()
        self._close_with: Close | None = None

    async def serve(self) -> None:
        """Speak the protocol on a socket that was accepted."""
        async with asyncio.TaskGroup() as group:
            upkeep = [group.create_task(self._listen(group)), group.create_task(self._keep())]
            await self._over.wait()
            for task in upkeep:
                task.cancel()
            self._leave()
            for handling, message in self._handling.items():
                if not isinstance(message, SendMessage):
                    handling.cancel()
            await self._say_goodbye()

    async def _listen(self, group: asyncio.TaskGroup) -> None:
        while (event := await self._receive())["type"] == "websocket.receive":
            text, binary = event.get("text"), event.get("bytes")
            await self._receive_frame(text if text is not None else binary or b"", group)
        self._over.set()

    async def _receive_frame(self, frame: str | bytes, group: asyncio.TaskGroup) -> None:
        message = parse(frame)
        if isinstance(message, Ping):
            await self._send(frames.PONG)
        elif isinstance(message, Unreadable):
            await self._send(frames.error(message.reason))
        elif len(self._handling) >= self._limits.concurrent_messages:
            await self._send(refused(DreamCoreError(ErrorCode.RATE_LIMITED)))
        elif not goes_unanswered(message, self._session):
            task = group.create_task(self._handle(message, group))
            self._handling[task] = message
            task.add_done_callback(self._handling.pop)

    async def _handle(self, message: ClientMessage, group: asyncio.TaskGroup) -> None:
        session = self._session
        boundary = Boundary()
        with boundary:
            answered = await answer(self._ports, session, message)
        if boundary.error is not None:
            answered = Answer(self._failure(boundary.error))
        if answered.settles is not None:
            await self._settled(answered.settles)
        async with self._answering:
            # What an earlier user of this socket asked for is not for the present one.
            if session in (None, self._session) or answered.session or answered.close:
                await self._carry_out(answered, group)
        if session is not None and answered.settles is not None:
            session.stopping.discard(answered.settles)

    async def _carry_out(self, answered: Answer, group: asyncio.TaskGroup) -> None:
        if answered.session is not None:
            self._begin(answered.session)
        if answered.leaves:
            self._leave()
        if self._session is not None and answered.project_id is not None:
            self._session.project_id = answered.project_id
        await self._send(answered.frame)
        if answered.joined is not None and self._session is not None:
            self._follow(answered.joined, self._session, group)
        if answered.close is not None:
            self._close(answered.close)

    def _begin(self, session: Session) -> None:
        """The same user goes on with a fresh token; another one starts from nothing."""
        if self._session is not None and self._session.viewer.user_id == session.viewer.user_id:
            self._session.expires_at = session.expires_at
            return
        self._leave()
        self._session = session

    def _follow(self, joined: Joined, session: Session, group: asyncio.TaskGroup) -> None:
        if self._over.is_set():
            return
        self._subscription = Subscription(self._ports, session.viewer, joined, session.stopping)
        self._following = group.create_task(self._forward(self._subscription))

    async def _forward(self, subscription: Subscription) -> None:
        boundary = Boundary()
        try:
            with boundary:
                async with aclosing(subscription.follow()) as following:
                    async for frame in following:
                        await self._send(frame)
        finally:
            subscription.finished.set()
        if isinstance(boundary.error, DreamCoreError):
            await self._send(refused(boundary.error))
        elif boundary.error is not None:
            logger.error("a subscription broke", exc_info=details(boundary.error))
            self._close(Close.INTERNAL_ERROR)

    def _leave(self) -> None:
        if self._following is not None and self._subscription is not None:
            self._following.cancel()
            self._subscription.finished.set()
        self._subscription = self._following = None

    async def _settled(self, job_id: str) -> None:
        """Wait until every frame of a job that has ended is out, if this socket watches it."""
        if self._subscription is not None and self._subscription.job_id == job_id:
            await self._subscription.finished.wait()

    def _failure(self, error: Exception) -> Frame:
        if isinstance(error, DreamCoreError):
            return refused(error)
        logger.error("a legacy message failed", exc_info=details(error))
        return refused(DreamCoreError(ErrorCode.INTERNAL))

    async def _keep(self) -> None:
        """Close the socket when nobody introduces themselves, or when the server drains."""
        try:
            async with asyncio.timeout(self._limits.introduction_seconds):
                await self._ports.drain.wait()
        except TimeoutError:
            if self._session is None:
                return self._close(Close.AUTHENTICATION_TIMEOUT)
            await self._ports.drain.wait()
        return self._close(Close.SERVICE_RESTART)

    async def _send(self, frame: Frame) -> None:
        """One frame at a time; nothing once the socket is over."""
        async with self._writing:
            if self._over.is_set():
                return
            try:
                await self._send_event({"type": "websocket.send", "text": json_text(frame)})
            except OSError:
                self._over.set()

    def _close(self, close: Close) -> None:
        self._close_with = self._close_with or close
        self._over.set()

    async def _say_goodbye(self) -> None:
        if self._close_with is None:
            return  # the client left first
        close = {"code": self._close_with.code, "reason": self._close_with.reason}
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._send_event({"type": "websocket.close", **close})
        except (OSError, TimeoutError):
            logger.debug("nobody hears the goodbye")
