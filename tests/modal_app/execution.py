"""Driving the execution application in tests: a served application, its client, gates, scripts."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from httpx_sse import ServerSentEvent, aconnect_sse

from modal_app.layout import Layout
from modal_app.server import serve
from modal_app.settings import Settings, runner_environment

SECRET = "a secret of the tests"
USER = "550e8400-e29b-41d4-a716-446655440000"


def settings_for(root: Path, **changes: Any) -> Settings:
    """Settings of an application under `root` whose runners are scripted."""
    settings = Settings(
        layout=Layout(root),
        secret=SECRET,
        port=0,
        agent="offline",
        runner_environment=runner_environment(),
        runner_module="tests.modal_app.scripted_runner",
    )
    return replace(settings, **changes)


def script(*steps: dict[str, Any], title: str = "Make a game") -> str:
    """A message for the scripted agent."""
    return title + "\n" + json.dumps(steps)


@dataclass(frozen=True)
class Run:
    """One request to generate."""

    message: str
    project_id: str = field(default_factory=lambda: str(uuid4()))
    run_id: str = field(default_factory=lambda: str(uuid4()))
    user_id: str = USER

    @property
    def body(self) -> dict[str, Any]:
        return {
            "user_id": self.user_id,
            "project_id": self.project_id,
            "run_id": self.run_id,
            "message": self.message,
            "skills": [],
        }

    @property
    def query(self) -> dict[str, str]:
        return {"user_id": self.user_id, "project_id": self.project_id}


@dataclass(frozen=True)
class Client:
    """Speaks to one application."""

    http: httpx.AsyncClient
    port: int

    @asynccontextmanager
    async def generating(self, run: Run) -> AsyncGenerator[AsyncGenerator[ServerSentEvent, None]]:
        """The open stream of a `POST /generate` that was accepted."""
        async with aconnect_sse(self.http, "POST", "/generate", json=run.body) as source:
            source.response.raise_for_status()
            yield source.aiter_sse()

    async def generate(self, run: Run) -> list[ServerSentEvent]:
        """All events of a new run."""
        async with self.generating(run) as events:
            return [event async for event in events]

    async def events(self, run: Run, after: int = 0) -> list[ServerSentEvent]:
        """All events of a known run after a position."""
        headers = {"Last-Event-ID": str(after)}
        path = f"/runs/{run.run_id}/events"
        async with aconnect_sse(self.http, "GET", path, headers=headers) as source:
            source.response.raise_for_status()
            return [event async for event in source.aiter_sse()]

    async def cancel(self, run: Run) -> str:
        """The status that the cancellation reports."""
        response = await self.http.post(f"/runs/{run.run_id}/cancel")
        response.raise_for_status()
        return str(response.json()["status"])


def data_of(event: ServerSentEvent) -> dict[str, Any]:
    """The JSON object of one event."""
    data: dict[str, Any] = json.loads(event.data)
    return data


def ids_of(events: Sequence[ServerSentEvent]) -> list[int]:
    """The positions of events."""
    return [int(event.id) for event in events]


@asynccontextmanager
async def connected(port: int, secret: str | None = SECRET) -> AsyncGenerator[Client]:
    """A client that knows the secret."""
    headers = {"X-Modal-Internal-Secret": secret} if secret else {}
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as http:
        yield Client(http, port)


@asynccontextmanager
async def served(settings: Settings) -> AsyncGenerator[Client]:
    """The application on a real socket, in this process."""
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(settings, ready=listening.set_result, stop=stop))
        try:
            async with connected(await listening) as client:
                yield client
        finally:
            stop.set()


class Gate:
    """A point in a script where the agent waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Gate":
        self._server = await asyncio.start_server(self._hold, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self.release()
        self._server.close()
        await self._server.wait_closed()

    @property
    def step(self) -> dict[str, int]:
        """The step for a script."""
        assert self._server is not None
        return {"gate": self._server.sockets[0].getsockname()[1]}

    def release(self) -> None:
        """Let whoever waits go on, now and later."""
        self._released.set()

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached.set()
        await self._released.wait()
        writer.close()


@dataclass(frozen=True)
class Application:
    """The application as a process of its own."""

    process: asyncio.subprocess.Process
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()

    async def ended(self) -> None:
        """Returns when the process has ended."""
        await self.process.wait()


@asynccontextmanager
async def application_process(root: Path) -> AsyncGenerator[Application]:
    """`settings_for(root)` served by another process, ended in the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.modal_app.scripted_application", str(root)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            port = int(await process.stdout.readline())
        yield Application(process, port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def frames_of(text: str) -> list[dict[str, Any]]:
    """The events of a whole SSE body."""
    lines = [line.removeprefix("data: ") for line in text.splitlines()]
    return [json.loads(line) for line in lines if line.startswith("{")]
