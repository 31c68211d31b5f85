"""A client of a served gateway, as its user."""

import asyncio
import json
import signal
from asyncio.subprocess import Process
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.gateway.watchers import WATCHERS, Payload

START: Final = """
mutation($input: StartGenerationInput!) {
  startGeneration(input: $input) {
    __typename
    ... on StartGenerationSuccess { generation { id } joinedExisting }
    ... on Failure { code message }
  }
}
"""
CANCEL: Final = """
mutation($id: ID!) {
  cancelGeneration(id: $id) {
    ... on CancelGenerationSuccess { generation { status } }
    ... on Failure { code message }
  }
}
"""
CREATE: Final = """
mutation {
  createProject(input: {name: "Game"}) { ... on CreateProjectSuccess { project { id } } }
}
"""
PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Gateway:
    """A listening gateway: its address, a token, its process."""

    url: str
    token: str
    process: Process

    async def query(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of one operation."""
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_SECONDS) as http:
            response = await http.post(
                "/graphql",
                json={"query": document, "variables": variables},
                headers={"Authorization": f"Bearer {self.token}"},
            )
        answer = json.loads(response.text)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def project(self) -> str:
        """The id of a new project."""
        project_id: str = (await self.query(CREATE))["createProject"]["project"]["id"]
        return project_id

    async def start(self, message: str = "a page", project_id: str | None = None) -> str:
        """The id of a new generation."""
        wanted = {
            "projectId": project_id or await self.project(),
            "message": message,
            "skipStyleSelection": True,
        }
        outcome = (await self.query(START, input=wanted))["startGeneration"]
        assert "generation" in outcome, outcome
        generation_id: str = outcome["generation"]["id"]
        return generation_id

    async def cancel(self, generation_id: str) -> str:
        """The status that the generation has after its cancellation."""
        outcome = (await self.query(CANCEL, id=generation_id))["cancelGeneration"]
        status: str = outcome["generation"]["status"]
        return status

    async def watch(
        self,
        generation_id: str,
        transport: str = "graphql-sse",
        *,
        after: str | None = None,
        until: str | None = None,
    ) -> list[Payload]:
        """What arrives until the stream completes, or its first event of the type `until`."""
        watcher = WATCHERS[transport](self.url, self.token)
        received: list[Payload] = []
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            aclosing(watcher.watch(generation_id, after)) as stream,
        ):
            async for payload in stream:
                received.append(payload)
                if payload["__typename"] == until:
                    break
        return received

    async def killed(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
