"""Asking a served execution application, with a scripted model behind it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.modal_app.execution import USER, Client, served, settings_for
from tests.model_stub.script import Reply, Responder, Step, Text
from tests.model_stub.server import ModelStub, serve

PROJECT = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
PAGE = {"user_id": USER, "project_id": PROJECT, "project_name": "迷路の冒険"}


@dataclass(frozen=True, slots=True)
class Desk:
    """An application and the model that it asks."""

    client: Client
    model: ModelStub

    async def ask(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer of a call that succeeds."""
        response = await self.client.http.post(path, json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def intent(self, message: str = "もっと速くして") -> dict[str, Any]:
        return await self.ask("/detect_intent", message=message)

    async def skills(self, message: str = "もっと速くして", **body: Any) -> dict[str, Any]:
        return await self.ask("/detect_skills", message=message, **body)

    async def chat(self, message: str = "遊び方は？", **body: Any) -> dict[str, Any]:
        return await self.ask("/chat_haiku", message=message, **body)

    async def page(self, **body: Any) -> dict[str, Any]:
        return await self.ask("/generate_publish_info", **(PAGE | body))

    def material(self) -> str:
        """What the model was asked last, in the user's turn."""
        [text] = self.model.requests[-1].user_texts
        return text


def saying(*texts: str) -> list[Step]:
    """One answer for each question."""
    return [Reply(Text(text)) for text in texts]


@asynccontextmanager
async def desk(
    root: Path, script: Sequence[Step] | Responder = (), **changes: Any
) -> AsyncGenerator[Desk, None]:
    """An application with a key, whose agent is chosen by itself unless `changes` say otherwise."""
    async with serve(script) as model:
        configured = {"agent": "auto", "api_key": model.api_key, "api_base_url": model.url}
        async with served(settings_for(root, **(configured | changes))) as client:
            yield Desk(client, model)
