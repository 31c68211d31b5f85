"""A project, spoken to through the routes for files."""

from typing import Any

import httpx

from schema.execution import DELETE_PROJECT
from tests.modal_app.execution import Client, Run, frames_of


class Project:
    """One project of one user, spoken to through `/apply_files`."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.run = Run("")

    async def apply(self, **body: Any) -> httpx.Response:
        return await self.client.http.post("/apply_files", json={**self.run.query, **body})

    async def delete(self) -> httpx.Response:
        return await self.client.http.post(DELETE_PROJECT, json=self.run.query)

    async def write(self, **files: str) -> str:
        """Writes files whose names end in `.html`; the new version."""
        listed = [{"path": f"{name}.html", "content": text} for name, text in files.items()]
        response = await self.apply(files=listed)
        return str(frames_of(response.text)[-1]["version"])

    async def get(self, route: str, **query: str) -> httpx.Response:
        return await self.client.http.get(route, params={**self.run.query, **query})

    async def file(self, path: str) -> httpx.Response:
        return await self.get("/get_file", path=path)

    async def listed(self) -> list[str]:
        return list((await self.get("/list_files")).json()["files"])
