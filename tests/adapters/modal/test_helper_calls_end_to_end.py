"""The helper calls and a write from the gateway's client to a real execution process."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.modal.channel import http_client
from adapters.modal.client import ModalExecution
from adapters.modal.process import ExecutionProcess
from schema.errors import ErrorCode
from schema.execution import HistoryMessage
from schema.execution_port import Execution
from schema.helper_calls import (
    ChatAnswer,
    ChatRequest,
    Intent,
    PublishInfo,
    PublishInfoRequest,
    SkillChoice,
)
from schema.identifiers import is_git_hash, random_uuid
from schema.models import Dimension
from tests.adapters.modal.execution_environment import ENVIRONMENT
from tests.adapters.modal.following import Failure
from tests.model_stub.script import Reply, Step, Text
from tests.model_stub.server import ModelStub, serve

INFO = {"title": "迷路", "description": "d", "howToPlay": "h", "tags": ["a", "b", "c"]}
CHAT = {"message": "矢印で動きます", "suggestions": ["速くして"]}


@asynccontextmanager
async def execution(directory: Path, **environment: str) -> AsyncGenerator[Execution, None]:
    """The gateway's client of an execution process of its own."""
    given = ENVIRONMENT | {"AGENT": "auto"} | environment
    async with (
        ExecutionProcess.open(directory, given) as process,
        http_client(loopback=True) as http,
    ):
        yield ModalExecution(http, lambda: process.endpoint, process.secret)


@asynccontextmanager
async def with_model(
    directory: Path, script: Sequence[Step]
) -> AsyncGenerator[tuple[Execution, ModelStub], None]:
    async with serve(script) as model:
        told = {
            "ANTHROPIC_API_KEY": model.api_key,
            "ANTHROPIC_BASE_URL": model.url,
            "ANTHROPIC_HELPER_MODEL": "claude-of-the-test",
        }
        async with execution(directory, **told) as client:
            yield client, model


def request() -> PublishInfoRequest:
    return PublishInfoRequest(random_uuid(), random_uuid(), "Maze", "<html>", "# Maze")


async def test_a_model_answers_all_four(tmp_path: Path) -> None:
    said = ["chat", '["audio"]', json.dumps(CHAT), json.dumps(INFO)]
    async with with_model(tmp_path / "x", [Reply(Text(text)) for text in said]) as (client, model):
        assert await client.detect_intent("遊び方は？") == Intent("chat", "chat")
        skills = await client.detect_skills("音", Dimension.THREE, has_code=True)
        assert skills == SkillChoice(("threejs", "audio"), '["audio"]')
        history = (HistoryMessage("user", "迷路を作って"),)
        answer = await client.chat(ChatRequest("遊び方は？", "# Maze", history))
        assert answer == ChatAnswer("矢印で動きます", ("速くして",))
        info = await client.publish_info(request())
        assert info == PublishInfo("迷路", "d", "h", ("a", "b", "c"))
        assert {each.body["model"] for each in model.requests} == {"claude-of-the-test"}


async def test_without_a_key_the_rules_answer_all_four(tmp_path: Path) -> None:
    async with execution(tmp_path / "x") as client:
        assert await client.detect_intent("元に戻して") == Intent("restore", fallback=True)
        skills = await client.detect_skills("音", Dimension.TWO, has_code=True)
        assert skills == SkillChoice(("canvas-2d", "audio"), fallback=True)
        assert await client.chat(ChatRequest("遊び方は？")) == ChatAnswer("", fallback=True)
        info = await client.publish_info(request())
        assert (info.title, info.fallback) == ("Maze", True)


async def test_words_of_no_use_for_a_page_are_said(tmp_path: Path) -> None:
    async with with_model(tmp_path / "x", [Reply(Text("できません"))]) as (client, _):
        with Failure(ErrorCode.PROVIDER_FAILED):
            await client.publish_info(request())


async def test_a_write_makes_a_version_once(tmp_path: Path) -> None:
    user, project = random_uuid(), random_uuid()
    files = {"index.html": "<h1>迷路</h1>"}
    async with execution(tmp_path / "x") as client:
        version = await client.apply(user, project, files, "Write a page")
        assert is_git_hash(version)
        assert await client.apply(user, project, files, "Write a page") is None
        with Failure(ErrorCode.WORKSPACE_ERROR):
            await client.apply(user, project, {"../x": ""}, "Escape")
