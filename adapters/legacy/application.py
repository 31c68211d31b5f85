"""The legacy browser protocol as an ASGI application for WebSockets.

The protocol knows no socket: `messages` (what clients send), `preconditions` (the state table),
`handlers` (message → use case → answer), `job_view` (log event → frames), `frames`, `forms` and
`texts`. `connection` is the shell around it.

**Tokens that end.** A token is checked at `init` and its time of expiry at every message. After
it, each message is answered with the error `Token expired` and nothing happens; `ping` and the
job being watched go on, and another `init` on the same socket takes a fresh token. The socket is
not closed: browsers keep their token in memory and come back within a second after any close,
so closing would make them loop with an error bubble each time (`contract/legacy-ws.md` §1.1).

**Where this differs from the recorded behaviour**, besides the defects of §10 that are mended:
a socket without `init` is closed with 4008 after ten seconds (§8.1); whoever joins a running job
first gets the text said so far as one `stream` frame; `cancel` without an id stops what runs in
the current project; `gameUpdated` comes on every subscription; `message{async:false}` is
answered like any other message; `deleteProject` stops the project's job first; `restoreVersion`
makes a new version of the whole earlier one, and is refused with a coded error while a job runs
there; `versionEdits` tells the summary that the run gave.
"""

import time
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from adapters.legacy.connection import LegacyConnection
from adapters.legacy.frames import StyleImages
from adapters.legacy.ports import DrainSignal, Limits, Ports
from schema.ports import Identity
from schema.use_cases import Generations, Projects


class LegacySocket:
    """Serve it on every WebSocket path that nothing else has; origin and query do not matter.

    `drain` begins when the server begins to shut down: sockets are closed with 1012 then.
    `style_images(dimension, preset_id)` is the address of a preset's picture, or None; it must
    not block. `clock` is in seconds since 1970.
    """

    def __init__(
        self,
        identity: Identity,
        projects: Projects,
        generations: Generations,
        *,
        drain: DrainSignal,
        style_images: StyleImages,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ports = Ports(identity, projects, generations, drain, style_images, clock)
        self._limits = limits or Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket. Like the recorded server, take the first subprotocol offered."""
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or [None]
        await send({"type": "websocket.accept", "subprotocol": offered[0]})
        await LegacyConnection(self._ports, self._limits, receive, send).serve()
