"""The editor's page as the servers see it: its socket, its requests, and the model behind them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.e2e.gateway import PATIENCE_SECONDS, Gateway
from tests.e2e.installation import Installation
from tests.gateway.legacy_watcher import TERMINAL, Browser, Frame, open_browser
from tests.model_stub.record import ModelRequest
from tests.model_stub.script import Block, Reply, Step, Text, ToolUse
from tests.model_stub.server import ModelStub

UNNAMED: Final = "新しいゲーム"
"""What the page calls a project whose game is still to be made."""

WISH: Final = "2Dでブロック崩しを作って"
ROW: Final = (
    *("id", "user_id", "project_id", "status", "progress"),
    *("progress_message", "result", "error", "created_at", "updated_at"),
)
"""The keys of a job."""

RETRO: Final = {"dimension": "2d", "styleId": "retro"}
PAGE: Final = """<!doctype html>
<html><head><title>Page title</title></head>
<body><p id="speed">speed 1</p></body></html>
"""
SPEC: Final = "# ブロックの海\n\nBlocks. Arrow keys or touch.\n"


def write(path: str, content: str) -> ToolUse:
    """A call of the agent's Write tool."""
    return ToolUse("Write", {"file_path": path, "content": content})


def edit(path: str, old: str, new: str) -> ToolUse:
    """A call of the agent's Edit tool, which wants the file to have been read."""
    return ToolUse("Edit", {"file_path": path, "old_string": old, "new_string": new})


def read(path: str) -> ToolUse:
    """A call of the agent's Read tool."""
    return ToolUse("Read", {"file_path": path})


@dataclass(frozen=True, slots=True)
class Job:
    """The frames of one job, from the answer to its message to the last that it brings."""

    frames: list[Frame]

    @property
    def id(self) -> str:
        """The job's id, which its first frame tells."""
        identifier: str = self.frames[0]["job"]["id"]
        return identifier

    @property
    def types(self) -> list[str]:
        """Types in their order, those in a row once."""
        types = [frame["type"] for frame in self.frames]
        return [kind for kind, before in zip(types, [None, *types], strict=False) if kind != before]

    @property
    def progress(self) -> list[str]:
        """What the progress bar said."""
        return [frame["message"] for frame in self.frames if frame["type"] == "progress"]

    @property
    def stream(self) -> str:
        """All that was streamed."""
        return "".join(f["content"] for f in self.frames if f["type"] == "stream")

    def assert_sound(self) -> None:
        """What holds for every job: whole rows of one job, progress that never falls, one end."""
        rows = [frame["job"] for frame in self.frames if "job" in frame]
        assert {tuple(row) for row in rows} == {ROW}
        assert {row["id"] for row in rows} == {self.id}
        told = [frame["progress"] for frame in self.frames if frame["type"] == "progress"]
        # To ask for the dimension the contract itself goes back from 5 to 3 (legacy-ws §5.3).
        risen = [percent for percent in told if percent != 3]
        assert risen == sorted(risen)
        assert all(type(percent) is int for percent in told)
        assert len([kind for kind in self.types if kind in TERMINAL]) == 1

    def only(self, kind: str) -> Frame:
        """The one frame of a type."""
        [frame] = [frame for frame in self.frames if frame["type"] == kind]
        return frame


@dataclass(slots=True)
class Editor:
    """One page with an open project. `http` is signed in as the same user."""

    browser: Browser
    http: httpx.AsyncClient
    model: ModelStub
    installation: Installation
    url: str
    token: str
    user_id: str
    project_id: str = ""

    async def create(self, name: str = UNNAMED) -> None:
        """A new project becomes the current one."""
        created = await self.browser.ask(type="createProject", name=name)
        assert created["type"] == "projectCreated", created
        self.project_id = created["project"]["id"]

    def answers(self, *texts: str) -> None:
        """What the model says to the next helper calls."""
        self.asked(*(Reply(Text(text)) for text in texts))

    def asked(self, *steps: Step) -> None:
        """What becomes of the next helper calls."""
        assert self.model.questions is not None
        self.model.questions.extend(steps)

    def acts(self, *calls: Block, saying: str = "Ready.") -> None:
        """What the model makes the agent do in its next run; each call in a turn of its own."""
        self.model.extend(*(Reply(call) for call in calls), Reply(Text(saying)))

    async def send(self, content: str, **options: Any) -> Frame:
        """The answer to a message."""
        return await self.browser.ask(type="message", content=content, **options)

    async def job(self, content: str, **options: Any) -> Job:
        """A message and the whole job that it starts."""
        started = await self.send(content, **options)
        assert started["type"] == "jobStarted", started
        assert not started["isExisting"]
        job = Job([started, *await self.browser.job()])
        job.assert_sound()
        return job

    async def make(self, *calls: Block, name: str = "Blocks", **options: Any) -> Job:
        """A new project with a first game: the agent writes its page and makes `calls`.

        A project that is called `UNNAMED` is told its name afterwards.
        """
        await self.create(name)
        self.answers("[]")
        self.model.extend(Reply(write("index.html", PAGE), *calls), Reply(Text("Ready.")))
        job = await self.job(WISH, **(options or {"skipStyleSelection": True}))
        assert job.frames[-1]["type"] == "gameUpdated", job.frames
        return job

    async def still_works(self) -> None:
        """A first game can be made in the current project."""
        self.answers("[]")
        self.acts(write("index.html", PAGE))
        job = await self.job(WISH, skipStyleSelection=True)
        assert job.only("geminiCode")["mode"] == "create"
        assert await self.code() == PAGE

    async def selected(self) -> Frame:
        """What the page is told when it opens the project again."""
        return await self.browser.ask(type="selectProject", projectId=self.project_id)

    async def history(self) -> list[tuple[str, str]]:
        """Who said what."""
        return [(line["role"], line["content"]) for line in (await self.selected())["history"]]

    async def game(self, path: str = "index.html") -> httpx.Response:
        """A file of the game, as the preview gets it."""
        return await self.http.get(f"/game/{self.user_id}/{self.project_id}/{path}")

    async def code(self) -> str:
        """The page of the game as it is."""
        response = await self.http.get(f"/api/projects/{self.project_id}/code")
        assert response.status_code == 200, response.text
        code: str = response.json()["code"]
        return code

    @property
    def turns(self) -> list[ModelRequest]:
        """What the agent asked the model."""
        return [request for request in self.model.requests if not request.is_question]

    @property
    def questions(self) -> list[str]:
        """What the helper calls asked, rules and material."""
        asked = [request for request in self.model.requests if request.is_question]
        return [json.dumps(request.body, ensure_ascii=False) for request in asked]


@asynccontextmanager
async def opened(
    gateway: Gateway, installation: Installation, model: ModelStub
) -> AsyncGenerator[Editor, None]:
    """A page without a project; in the end the model must have been asked for all its answers."""
    model.begin_anew()
    async with (
        open_browser(gateway.url) as browser,
        httpx.AsyncClient(
            base_url=gateway.url,
            headers={"Authorization": f"Bearer {gateway.token}"},
            timeout=PATIENCE_SECONDS,
        ) as http,
    ):
        introduced = await browser.init(gateway.token)
        user_id = introduced["userId"]
        yield Editor(browser, http, model, installation, gateway.url, gateway.token, user_id)
    assert (model.questions, model.left) == ([], 0)
