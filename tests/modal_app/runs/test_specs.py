"""The spec of a game: kept in the project, told to the agent."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from modal_app.agents.offline.agent import OfflineAgent
from modal_app.ports import AgentEvent, AgentTask
from modal_app.specs import MAX_CHARACTERS, read_specs
from schema.execution import Done, RunContext
from tests.modal_app.runs.executing import Runs, write


def test_specs_are_read_in_order_and_joined(tmp_path: Path) -> None:
    assert read_specs(tmp_path) is None
    write(tmp_path, "specs/progress.md", "done so far\n")
    write(tmp_path, "specs/game.md", "# Title\n")
    write(tmp_path, "SPEC.md", "of old")
    assert read_specs(tmp_path) == "# Title\n\n---\n\ndone so far"


@pytest.mark.parametrize("name", ["SPEC.md", "spec.md"])
def test_an_older_spec_counts_where_there_is_none_of_ours(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "of old")
    write(tmp_path, "specs/game.md", "  \n")
    assert read_specs(tmp_path) == "of old"


def test_specs_are_bounded_and_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "specs/game.md", "あ" * (MAX_CHARACTERS + 10))
    (tmp_path / "specs" / "mechanics.md").write_bytes(b"\xff" * 100)
    specs = read_specs(tmp_path)
    assert specs == "あ" * MAX_CHARACTERS


@pytest.mark.parametrize("link", ["specs", "specs/game.md", "SPEC.md"])
def test_a_link_is_not_followed(tmp_path: Path, link: str) -> None:
    secret = tmp_path / "secret"
    write(secret, "game.md", "SECRET")
    workspace = tmp_path / "workspace"
    place = workspace / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(secret if link == "specs" else secret / "game.md")
    assert read_specs(workspace) is None


async def test_the_next_run_is_told_the_spec_that_the_last_one_kept(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, "specs/game.md", "# Fox Run\nA runner with a fox.")
        return ()

    _, first = await runs.perform(act)
    assert "<spec " not in first.prompt
    _, second = await runs.perform(lambda _: ())
    assert "# Fox Run\nA runner with a fox.\n</spec " in second.prompt
    _, third = await runs.perform(lambda _: (), context=RunContext(spec="told by the gateway"))
    assert "told by the gateway" in third.prompt
    assert "Fox Run" not in third.prompt


class Offline:
    """Messages to the offline agent in one directory."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace

    async def make(self, message: str) -> None:
        """A run that ends well."""
        task = AgentTask(message, message, *[self.workspace] * 3)
        events = [event async for event in OfflineAgent(pacing=0).run(task)]
        assert isinstance(events[-1], Done)

    async def say(self, message: str) -> str | None:
        """The spec afterwards."""
        await self.make(message)
        path = self.workspace / "specs" / "game.md"
        return path.read_text(encoding="utf-8") if path.exists() else None

    def keep(self, spec: str) -> None:
        write(self.workspace, "specs/game.md", spec)


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    return Offline(tmp_path)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("a hard neon breakout game", "Breakout, difficulty hard|Move the paddle|bricks|#070716"),
        ("やさしいスネークを作って", "難しさはやさしい|矢印キー|食べると"),
    ],
)
async def test_the_offline_agent_writes_a_spec(offline: Offline, message: str, told: str) -> None:
    spec = await offline.say(message)
    assert spec is not None
    assert spec.splitlines()[0].startswith("# ")
    assert [words for words in told.split("|") if words not in spec] == []


async def test_it_keeps_the_spec_true(offline: Offline) -> None:
    first = await offline.say("a neon breakout game")
    changed = await offline.say('call it "Brick Storm" and make it much faster')
    assert first is not None
    assert changed is not None
    assert changed.startswith("# Brick Storm\n")
    assert "speed 150%" in changed
    assert await offline.say("tell me a story") == changed
    another = await offline.say("make a new snake game")
    assert another is not None
    assert "Snake" in another
    assert "paddle" not in another


async def test_of_a_spec_that_others_wrote_it_changes_the_heading_alone(offline: Offline) -> None:
    await offline.say("a neon breakout game")
    offline.keep("# Neon Breakout\n\nWritten by hand \\1.\n\n# Second\n")
    assert (
        await offline.say("make it faster")
        == "# Neon Breakout\n\nWritten by hand \\1.\n\n# Second\n"
    )
    renamed = await offline.say('rename the game to "A \\g<0> B"')
    assert renamed == "# A \\g<0> B\n\nWritten by hand \\1.\n\n# Second\n"


async def test_a_page_of_others_gets_no_spec(offline: Offline) -> None:
    write(offline.workspace, "index.html", "<title>Theirs</title>" + "x" * 3_000)
    assert await offline.say('call it "Mine"') is None


@pytest.mark.parametrize("taken", ["specs", "specs/game.md/inner.md"])
async def test_where_a_spec_has_no_place_the_game_is_made_all_the_same(
    offline: Offline, taken: str
) -> None:
    write(offline.workspace, taken, "taken")
    await offline.make("a snake game")
    assert (offline.workspace / "index.html").exists()
    assert (offline.workspace / taken).read_text() == "taken"
