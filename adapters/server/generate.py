"""`dreamcore generate`: one generation through the whole path, as any client would run it."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.server.cli_running import INTERRUPTED
from adapters.server.client import GatewayClient, GatewayRefused
from adapters.server.documents import CANCEL, CREATE_PROJECT, GENERATE
from adapters.server.rendering import Renderer
from schema.errors import ErrorCode
from schema.identifiers import random_uuid

PROJECT_NAME_CHARACTERS: Final = 60
RETRY_SECONDS: Final = 0.5
# Cancelling is answered when the run has ended: what the agent has made is saved first.
CANCEL_SECONDS: Final = 60.0

EXIT_CODES: Final = {
    "GenerationCompleted": 0,
    "GenerationFailed": 1,
    "GenerationRefused": 1,
    "GenerationCancelled": INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: the last event and the project it was about."""

    project_id: str
    event: dict[str, Any]
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """The status the command ends with."""
        return INTERRUPTED if self.interrupted else EXIT_CODES[self.event["__typename"]]


@dataclass(slots=True)
class GenerateCommand:
    """Starts a generation, shows its events, and cancels it once `interrupted` is set.

    With `patient` it waits for a generation of the user that runs already: one that an earlier
    command, killed or cut off, has left behind.
    """

    client: GatewayClient
    renderer: Renderer
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    patient: bool = False
    _accepted: asyncio.Event = field(default_factory=asyncio.Event)
    _generation_id: str | None = None

    async def run(self, prompt: str, project_id: str | None) -> Outcome:
        """Raises `GatewayRefused` and `GatewayUnreachable`."""
        project = project_id or await self._create_project(prompt)
        variables = {
            "input": {
                "projectId": project,
                "message": prompt,
                "idempotencyKey": random_uuid(),
                "skipStyleSelection": True,
            }
        }
        event = await self._follow(variables)
        if self._must_wait(event):
            self.renderer.note("waiting for a generation that runs already…")
        while self._must_wait(event):
            if await self._interrupted_within(RETRY_SECONDS):
                return Outcome(project, event, interrupted=True)
            event = await self._follow(variables)
        return Outcome(project, event)

    async def _create_project(self, prompt: str) -> str:
        name = " ".join(prompt.split())[:PROJECT_NAME_CHARACTERS] or "Untitled"
        result = (await self.client.execute(CREATE_PROJECT, {"name": name}))["createProject"]
        if result["__typename"] != "CreateProjectSuccess":
            raise GatewayRefused(result["message"], result["code"])
        project_id = result["project"]["id"]
        assert isinstance(project_id, str)
        return project_id

    async def _follow(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Show the events up to the last one, which is returned."""
        async with asyncio.TaskGroup() as group:
            canceller = group.create_task(self._cancel_when_interrupted())
            async with aclosing(self.client.follow(GENERATE, variables)) as payloads:
                async for payload in payloads:
                    event: dict[str, Any] = payload["generate"]
                    if self._must_wait(event):
                        break
                    self.renderer.event(event)
                    if event["__typename"] in EXIT_CODES:
                        break
                    self._generation_id = event["generationId"]
                    self._accepted.set()
            canceller.cancel()
        return event

    def _must_wait(self, event: Mapping[str, Any]) -> bool:
        refused = event["__typename"] == "GenerationRefused"
        return self.patient and refused and event["code"] == ErrorCode.USER_LIMIT_REACHED.name

    async def _interrupted_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.interrupted.wait()
        return self.interrupted.is_set()

    async def _cancel_when_interrupted(self) -> None:
        await self.interrupted.wait()
        self.renderer.note("stopping… (Ctrl-C again leaves the run alone)")
        await self._accepted.wait()
        wanted = {"id": self._generation_id}
        await self.client.execute(CANCEL, wanted, patience=CANCEL_SECONDS)
