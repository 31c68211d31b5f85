"""A client of a gateway: queries and mutations, and watchers over any transport."""

import json
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.gateway.watchers import WATCHERS, Watcher

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
    __typename
    ... on CancelGenerationSuccess { generation { id status } }
    ... on Failure { code message }
  }
}
"""


@dataclass(slots=True)
class GatewayClient:
    """Speaks for the holder of `token`, unless a call names another."""

    url: str
    token: str
    http: httpx.AsyncClient

    def watcher(
        self, transport: str, token: str | None = None, *, receive_buffer: int | None = None
    ) -> Watcher:
        return WATCHERS[transport](self.url, token or self.token, receive_buffer)

    async def query(
        self, document: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        response = await self.http.post(
            "/graphql",
            json={"query": document, "variables": variables or {}},
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        answer: dict[str, Any] = json.loads(response.text)
        return answer

    async def project(self, token: str | None = None, name: str = "Game") -> str:
        created = await self.query(
            "mutation($name: String!) { createProject(input: {name: $name}) "
            "{ ... on CreateProjectSuccess { project { id } } } }",
            {"name": name},
            token=token,
        )
        project_id: str = created["data"]["createProject"]["project"]["id"]
        return project_id

    @staticmethod
    def command(project_id: str, key: str | None = None) -> dict[str, Any]:
        """Input that leads to a run without further questions."""
        return {
            "projectId": project_id,
            "message": "a game",
            "skipStyleSelection": True,
            "idempotencyKey": key,
        }

    async def start(
        self, message: str = "a game", token: str | None = None, project_id: str | None = None
    ) -> str:
        variables = {
            "projectId": project_id or await self.project(token),
            "message": message,
            "skipStyleSelection": True,
        }
        answer = await self.query(START, {"input": variables}, token)
        generation_id: str = answer["data"]["startGeneration"]["generation"]["id"]
        return generation_id
