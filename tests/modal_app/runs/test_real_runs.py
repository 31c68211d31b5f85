"""The whole execution side with the real CLI: what its own tools wrote is told with the version."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from modal_app.settings import Settings
from schema.execution import MAX_WANTED_IMAGES
from tests.modal_app.execution import Client, Run, data_of, settings_for
from tests.modal_app.workspace.conftest import git
from tests.model_stub.script import Block, Reply, Text, ToolUse
from tests.model_stub.server import ModelStub, serve

PAGE = "<!doctype html>\n<title>Fox</title>\n<h1>Fox</h1>\n<script src=game.js></script>\n"
REQUESTS = '{"images": [{"name": "fox.png", "prompt": "a fox"}, {"name": "../x", "prompt": "x"}]}'


@pytest.fixture
async def stub() -> AsyncGenerator[ModelStub]:
    async with serve() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, cli: Path, stub: ModelStub) -> Settings:
    """The real runner, the real CLI and a scripted model."""
    return settings_for(
        tmp_path,
        agent="claude",
        claude_bin=str(cli),
        api_key=stub.api_key,
        api_base_url=stub.url,
        runner_module="modal_app.runner",
    )


def writes(path: str, content: str) -> Block:
    return ToolUse("Write", {"file_path": path, "content": content})


async def done(client: Client, run: Run) -> dict[str, Any]:
    end = data_of((await client.generate(run))[-1])
    assert end["type"] == "done", end
    return end


async def test_files_edits_images_and_spec_of_two_runs(
    settings: Settings, client: Client, stub: ModelStub
) -> None:
    first = Run("a game about a fox")
    stub.extend(
        Reply(
            writes("index.html", PAGE),
            writes("game.js", "let speed = 1;\n"),
            writes("specs/game.md", "# Fox Run\n\nRun.\n"),
            writes("assets/requests.json", REQUESTS),
            writes("../outside.js", "no"),
        ),
        Reply(Text("The fox runs.")),
    )
    end = await done(client, first)
    assert end["code"]["files"] == [
        {"path": "index.html", "content": PAGE},
        {"path": "game.js", "content": "let speed = 1;\n"},
    ]
    assert end["images"] == [{"name": "fox.png", "prompt": "a fox"}]
    assert len(end["images"]) <= MAX_WANTED_IMAGES
    project = settings.layout.data / "users" / first.user_id / "projects" / first.project_id
    tracked = git(project, "ls-tree", "-r", "--name-only", end["version"]).split()
    assert tracked == ["game.js", "index.html", "specs/game.md"]

    second = Run("faster", project_id=first.project_id)
    stub.extend(
        Reply(
            ToolUse("Read", {"file_path": "game.js"}), ToolUse("Read", {"file_path": "index.html"})
        ),
        Reply(
            ToolUse("Edit", {"file_path": "game.js", "old_string": "= 1", "new_string": "= 2"}),
            ToolUse("Edit", {"file_path": "game.js", "old_string": "not there", "new_string": "x"}),
            writes("index.html", PAGE.replace("<h1>Fox", "<h1>Fast fox")),
        ),
        Reply(Text("Faster.")),
    )
    end = await done(client, second)
    assert end["code"] == {
        "edits": [
            {"path": "game.js", "old_string": "= 1", "new_string": "= 2"},
            {
                "path": "index.html",
                "old_string": "<h1>Fox</h1>\n",
                "new_string": "<h1>Fast fox</h1>\n",
            },
        ]
    }
    assert "images" not in end
    # The second prompt tells the spec that the first run kept.
    assert "# Fox Run\n\nRun.\n</spec " in stub.requests[2].user_texts[-1]


async def test_a_run_that_changes_nothing_tells_no_code(client: Client, stub: ModelStub) -> None:
    stub.extend(Reply(Text("Nothing to do.")))
    end = await done(client, Run("hello"))
    assert not {"code", "images", "version"} & set(end)
