"""A scripted Messages API on 127.0.0.1.

    async with serve([Reply(Text("Hello.")), HttpError(529)]) as stub:
        … ANTHROPIC_BASE_URL=stub.url, ANTHROPIC_API_KEY=stub.api_key …

Each `POST /v1/messages` takes the next step; after the last one `default` answers. Instead of a
list, `script` may be a function of the request (`script.writing`). With `questions`, the helper
calls of the execution side take their steps from there and never from the script, which is the
agent's. `control.py` adds the routes for a stub in a process of its own.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from tests.model_stub import wire
from tests.model_stub.control import answer_control
from tests.model_stub.gate import Gate, Gates
from tests.model_stub.http import Received, Response, receive
from tests.model_stub.record import ModelRequest
from tests.model_stub.script import Broken, Html, HttpError, Reply, Responder, Step, Text

AFTER_THE_END: Final = Reply(Text("The script has ended."))
UNANSWERED: Final = HttpError(529, "overloaded_error")
PAGE: Final = b"<html><body>Please sign in to this network.</body></html>"


class ModelStub:
    """What a test sees of a running stub."""

    def __init__(self, script: Sequence[Step] | Responder, default: Step) -> None:
        self.port = 0
        self.api_key = "stub-key"
        self.requests: list[ModelRequest] = []
        self.disconnected = 0
        self.questions: list[Step] | None = None
        self._respond = script if callable(script) else None
        self._steps = [] if callable(script) else list(script)
        self._default = default
        self._gates = Gates()
        self._changed = asyncio.Condition()
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """What `ANTHROPIC_BASE_URL` is set to."""
        return f"http://127.0.0.1:{self.port}"

    def gate(self, name: str) -> Gate:
        """The gate of that name: `await gate.reached.wait()`, then `gate.release()`."""
        return self._gates[name]

    def extend(self, *steps: Step) -> None:
        """Add steps to the end of the script."""
        self._steps.extend(steps)

    def begin_anew(self) -> None:
        """Forget the requests so far and the steps that were not taken."""
        self.requests.clear()
        self._steps.clear()
        if self.questions is not None:
            self.questions.clear()

    @property
    def left(self) -> int:
        """How many steps were not taken yet."""
        return len(self._steps)

    async def until(self, condition: Callable[["ModelStub"], bool]) -> None:
        """Wait until `condition` holds; it is asked again after every request and disconnect."""
        async with self._changed:
            await self._changed.wait_for(lambda: condition(self))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _take(self, request: ModelRequest) -> Step:
        if self.questions is not None and request.is_question:
            return self.questions.pop(0) if self.questions else UNANSWERED
        if self._respond is not None:
            return self._respond(request)
        return self._steps.pop(0) if self._steps else self._default

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one answer."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            received = await receive(reader)
            if received is not None:
                await self._exchange(received, reader, writer)
        except* (ConnectionError, asyncio.IncompleteReadError):
            pass  # an agent that is killed leaves like this
        except* asyncio.CancelledError:
            pass  # the stub ends
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self._connections.discard(task)

    async def drop_connections(self) -> None:
        """Cut whoever still waits for an answer."""
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _exchange(
        self, received: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        # The client sends nothing more: the end of its stream is its departure.
        async with asyncio.TaskGroup() as group:
            answer = group.create_task(self._answer(received, Response(writer)))
            departure = group.create_task(self._watch(reader, answer))
            answer.add_done_callback(lambda _: departure.cancel())

    async def _watch(self, reader: asyncio.StreamReader, answer: asyncio.Task[None]) -> None:
        with suppress(ConnectionError):
            await reader.read()
        self.disconnected += 1
        answer.cancel()
        await self._tell()

    async def _answer(self, received: Received, response: Response) -> None:
        if received.path.startswith("/control/"):
            await answer_control(self, received, response)
        elif (received.method, received.path) != ("POST", "/v1/messages"):
            await response.send(wire.error(HttpError(404, "not_found_error")), 404)
        elif received.headers.get("x-api-key") != self.api_key:
            await response.send(wire.error(HttpError(401, "authentication_error")), 401)
        else:
            request = ModelRequest(received.headers, received.json())
            self.requests.append(request)
            await self._tell()
            await self._play(self._take(request), request, response)

    async def _play(self, step: Step, request: ModelRequest, response: Response) -> None:
        model = request.body.get("model", "stub")
        streams = bool(request.body.get("stream"))
        match step:
            case HttpError():
                await response.send(wire.error(step), step.status, headers=step.headers)
            case Html():
                await response.send(PAGE, step.status, "text/html")
            case Broken(how="headerless"):
                await asyncio.Event().wait()
            case Broken() if not streams:
                await self._break_whole(step, response)
            case Broken():
                await self._break(step, model, response)
            case Reply() if not streams:
                if step.gate:
                    await self._gates[step.gate].hold()
                await response.send(wire.whole(model, step.blocks))
            case Reply():
                await self._stream(step, model, response)

    async def _stream(self, step: Reply, model: str, response: Response) -> None:
        await response.start_events()
        await response.chunk(wire.opening(model))
        gate = self._gates[step.gate] if step.gate else None
        for piece in wire.body(step.blocks):
            await response.chunk(piece)
            if gate is not None and b"_delta" in piece:
                await gate.hold()
                gate = None
        await response.chunk(wire.closing(step.blocks))
        await response.end()

    async def _break_whole(self, step: Broken, response: Response) -> None:
        match step.how:
            case "silence":
                await asyncio.Event().wait()
            case "disconnect":
                response.cut()
            case "garbage":
                await response.send(wire.GARBAGE)
            case _:
                await response.send(wire.error(HttpError(500)), 500)

    async def _break(self, step: Broken, model: str, response: Response) -> None:
        await response.start_events()
        await response.chunk(wire.opening(model))
        for piece in wire.body(step.whole):
            await response.chunk(piece)
        await response.chunk(wire.fragment(len(step.whole), step.text))
        if step.gate:
            await self._gates[step.gate].hold()
        match step.how:
            case "disconnect":
                response.cut()
                return
            case "garbage":
                await response.chunk(wire.GARBAGE)
            case "error_event":
                detail = {"type": "overloaded_error", "message": "scripted failure"}
                await response.chunk(wire.frame("error", error=detail))
            case "silence":
                await asyncio.Event().wait()
        await response.end()


@asynccontextmanager
async def serve(
    script: Sequence[Step] | Responder = (), *, default: Step = AFTER_THE_END, port: int = 0
) -> AsyncGenerator[ModelStub, None]:
    """A stub for the time of the block; connections that are still held are dropped at its end."""
    stub = ModelStub(script, default)
    server = await asyncio.start_server(stub.converse, "127.0.0.1", port)
    stub.port = server.sockets[0].getsockname()[1]
    try:
        yield stub
    finally:
        server.close()
        await stub.drop_connections()
        await server.wait_closed()
