"""The socket and the server process around the ASGI application.

uvicorn, with what it lacks: a listening socket that gives up on peers that stop reading, bounds
on request heads, answers that clients get to read, and streams that end before the server waits
for them.
"""

import asyncio
import signal
import socket
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from adapters.graphql.drain import Drain
from adapters.server.unread_bodies import AnswersAfterBodies

HEAD_BYTES: Final = 65_536
WEBSOCKET_MESSAGE_BYTES: Final = 1_048_576
_DRAIN_SECONDS: Final = 0.5


def listen(
    host: str, port: int, *, user_timeout: float = 30.0, backlog: int = 2048
) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises OSError when the address is taken.

    `user_timeout` (seconds) is how long sent bytes may stay unacknowledged before the kernel
    drops the connection (RFC 5482). Nothing above the kernel ends a connection whose peer reads
    no more: closing it waits for the unsent bytes first. Accepted sockets inherit the option.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            milliseconds = int(user_timeout * 1000)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        listener.bind((host, port))
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        reason = f"cannot listen on {host} port {port}: {error.strerror}"
        raise OSError(error.errno, reason) from error
    listener.setblocking(False)
    return listener


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 with bounds on the request head, in bytes and in time; httptools has neither."""

    head_seconds = 10.0

    _head = 0
    _in_head = False
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection is there to ask something soon."""
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._stop_head_timer()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A new request head."""
        super().on_message_begin()
        self._in_head = True
        self._start_head_timer()

    def on_headers_complete(self) -> None:
        """The head is whole: refuse it if it is too large, before anything sees it."""
        self._in_head = False
        self._stop_head_timer()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_BYTES:
            raise ValueError("request head too large")  # answered with 400 by data_received
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; a head that never ends is not collected beyond the bound."""
        super().data_received(data)
        self._head = self._head + len(data) if self._in_head else 0
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Request head too large.")

    def _start_head_timer(self) -> None:
        self._stop_head_timer()
        self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSockets whose contents stay out of the log.

    Text that is not UTF-8 closes them with 1007 and is nobody's traceback.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Frames hold tokens and prompts: not even a debug log shows them."""
        super().connection_made(transport)
        self.conn.debug = False

    def send_receive_event_to_app(self) -> None:
        """Check the text before uvicorn decodes it and logs an exception."""
        self._forget_handshake()
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.fail(1007, "Text is not UTF-8")
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def _forget_handshake(self) -> None:
        # Nobody reads these headers again, but the parser keeps them as long as the socket lives.
        if self.handshake_complete and self.request.headers:
            self.request.headers.clear()
            self.response.headers.clear()


def configure(app: ASGIApp, *, graceful_timeout: int = 10, **options: Any) -> uvicorn.Config:
    """uvicorn's configuration for the gateway.

    `graceful_timeout` (seconds) is what ordinary requests get to finish; streams end at once.
    `options` go to `uvicorn.Config` and win.
    """
    settings: dict[str, Any] = {
        "http": HttpProtocol,
        "ws": WebSocketProtocol,
        "ws_max_size": WEBSOCKET_MESSAGE_BYTES,
        "ws_per_message_deflate": False,  # 35 KB a connection, for frames of 200 bytes
        "loop": "auto",
        "lifespan": "on",
        "access_log": False,
        "log_config": None,
        "timeout_graceful_shutdown": graceful_timeout,
    }
    return uvicorn.Config(AnswersAfterBodies(app), **{**settings, **options})


class Server(uvicorn.Server):
    """A server that ends its streams first.

    `drain` begins when shutdown begins. Everything that can stay open races it, so that clients
    are told to come back, and generators are closed before the lifespan ends. `ready` is set
    when connections are accepted.
    """

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self.drain: Final = drain
        self.ready: Final = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Run the application's start-up, then accept connections."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then close what is left, then run the application's shutdown."""
        self.drain.begin()
        for server in self.servers:
            server.close()
        if self.server_state.tasks:
            # Streams say goodbye themselves; uvicorn would cut them off mid-sentence.
            await asyncio.wait(set(self.server_state.tasks), timeout=_DRAIN_SECONDS)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin shutdown; a second SIGINT stops waiting for requests.

        Unlike uvicorn's, it does not raise the signal again afterwards: being told to end and
        ending is success.
        """
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    def stop(self) -> None:
        """Begin shutdown, as SIGTERM does."""
        self.should_exit = True
