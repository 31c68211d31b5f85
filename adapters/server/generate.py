"""`dreamcore generate`: one generation through the whole path, as any client would run it."""

import asyncio
import signal
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.server.client import GatewayClient, GatewayRefused
from adapters.server.documents import CANCEL, CREATE_PROJECT, GENERATE
from adapters.server.rendering import Renderer
from schema.identifiers import random_uuid

PROJECT_NAME_CHARACTERS: Final = 60

EXIT_CODES: Final = {
    "GenerationCompleted": 0,
    "GenerationFailed": 1,
    "GenerationRefused": 1,
    "GenerationCancelled": 130,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: the terminal event and the project it was about."""

    project_id: str
    event: dict[str, Any]

    @property
    def exit_code(self) -> int:
        """The status the command ends with."""
        return EXIT_CODES[self.event["__typename"]]


@dataclass(slots=True)
class GenerateCommand:
    """Starts a generation, shows its events, and cancels it on SIGINT or SIGTERM."""

    client: GatewayClient
    renderer: Renderer
    _interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    _accepted: asyncio.Event = field(default_factory=asyncio.Event)
    _generation_id: str | None = None

    async def run(self, prompt: str, project_id: str | None) -> Outcome:
        """Raises `GatewayRefused` and `GatewayUnreachable`."""
        project = project_id or await self._create_project(prompt)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupted.set)
        try:
            return Outcome(project, await self._follow(prompt, project))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            self.renderer.close()

    async def _create_project(self, prompt: str) -> str:
        name = " ".join(prompt.split())[:PROJECT_NAME_CHARACTERS] or "Untitled"
        result = (await self.client.execute(CREATE_PROJECT, {"name": name}))["createProject"]
        if result["__typename"] != "CreateProjectSuccess":
            raise GatewayRefused(result["message"], result["code"])
        project_id = result["project"]["id"]
        assert isinstance(project_id, str)
        return project_id

    async def _follow(self, prompt: str, project_id: str) -> dict[str, Any]:
        variables = {
            "input": {
                "projectId": project_id,
                "message": prompt,
                "idempotencyKey": random_uuid(),
            }
        }
        async with asyncio.TaskGroup() as group:
            canceller = group.create_task(self._cancel_when_interrupted())
            async with aclosing(self.client.follow(GENERATE, variables)) as payloads:
                async for payload in payloads:
                    event: dict[str, Any] = payload["generate"]
                    self._generation_id = event["generationId"]
                    self._accepted.set()
                    self.renderer.event(event)
                    if event["__typename"] in EXIT_CODES:
                        break
            canceller.cancel()
        return event

    async def _cancel_when_interrupted(self) -> None:
        await self._interrupted.wait()
        self.renderer.note("stopping…")
        await self._accepted.wait()
        await self.client.execute(CANCEL, {"id": self._generation_id})
