"""Skills in the workspace of a run: there to be read, and never part of the project."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from modal_app.ports import AgentEvent
from modal_app.skills import FOLDER, MAX_LIBRARY, install_skills, lay_out_skills
from schema.execution import Done
from tests.modal_app.runs.executing import Runs, write
from tests.modal_app.workspace.conftest import git

SKILL = f"{FOLDER}/audio/SKILL.md"


@pytest.fixture(autouse=True)
def installed(runs: Runs) -> None:
    install_skills(runs.layout.shared)


def tracked(runs: Runs) -> list[str]:
    """Every path of every version, as anybody's git tells it."""
    project = runs.workspace.directory
    return git(project, "log", "--all", "--format=", "--name-only").split()


async def test_an_agent_can_read_every_skill_and_is_told_where(runs: Runs) -> None:
    seen: dict[str, str] = {}

    def act(workspace: Path) -> Iterable[AgentEvent]:
        for path in (workspace / FOLDER).rglob("SKILL.md"):
            seen[path.parent.name] = path.read_text()
            assert path.stat().st_mode & 0o222 == 0
        return ()

    _, task = await runs.perform(act, skills=("touch",))
    assert set(seen) == {"audio", "canvas-2d", "images", "p5js", "polish", "threejs", "touch"}
    assert seen["touch"] in task.prompt
    assert seen["audio"] not in task.prompt
    assert f"{SKILL}: Sound effects" in task.prompt
    assert f"{FOLDER}/touch/SKILL.md:" not in task.prompt


async def test_skills_that_were_not_asked_for_are_not_told(runs: Runs) -> None:
    _, task = await runs.perform(lambda _: ())
    assert "<skill " not in task.prompt


def rewritten(workspace: Path) -> None:
    (workspace / SKILL).chmod(0o644)
    write(workspace, SKILL, "changed")


def replaced(workspace: Path) -> None:
    shutil.rmtree(workspace / ".claude")
    write(workspace, ".claude", "a file of that name")


DOINGS: dict[str, Callable[[Path], None]] = {
    "leaves": lambda _: None,
    "edits": rewritten,
    "deletes": lambda workspace: shutil.rmtree(workspace / ".claude"),
    "replaces": replaced,
    "adds": lambda workspace: write(workspace, ".claude/skills/mine/SKILL.md", "own"),
    "settings": lambda workspace: write(workspace, ".claude/settings.json", "{}"),
    "nested": lambda workspace: write(workspace, "src/.claude/notes.md", "x"),
    "spelled": lambda workspace: write(workspace, ".CLAUDE/skills/x/SKILL.md", "x"),
}


@pytest.mark.parametrize("doing", DOINGS)
async def test_nothing_of_them_is_committed_whatever_the_agent_does(runs: Runs, doing: str) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, "index.html", "one")
        DOINGS[doing](workspace)
        return ()

    end, _ = await runs.perform(act)
    assert isinstance(end, Done)
    assert end.version is not None
    assert tracked(runs) == ["index.html"]
    assert not (runs.workspace.directory / ".claude").exists()
    original = (runs.layout.shared / SKILL).read_text()
    assert original.startswith("---\nname: audio\n")


async def test_a_run_that_only_touches_them_makes_no_version(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        rewritten(workspace)
        return ()

    end, _ = await runs.perform(act)
    assert end == Done("done")


async def test_what_an_older_system_kept_there_is_neither_used_nor_kept(runs: Runs) -> None:
    project = runs.workspace.directory
    write(project, "index.html", "of old")
    write(project, SKILL, "a poisoned skill")
    write(project, ".claude/settings.json", '{"hooks": {}}')
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all", "--force")
    git(project, "commit", "--quiet", "--message=of old")
    seen = []

    def act(workspace: Path) -> Iterable[AgentEvent]:
        seen.append((workspace / SKILL).read_text())
        assert not (workspace / ".claude" / "settings.json").exists()
        write(workspace, "index.html", "new")
        return ()

    end, task = await runs.perform(act, skills=("audio",))
    assert isinstance(end, Done)
    assert "poisoned" not in seen[0]
    assert "poisoned" not in task.prompt
    newest = git(project, "ls-tree", "-r", "--name-only", str(end.version))
    assert newest.split() == ["index.html"]


def test_a_library_is_bounded_and_what_is_no_skill_is_passed_over(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    for number in range(MAX_LIBRARY + 5):
        write(shared, f"{FOLDER}/s{number:03}/SKILL.md", "---\ndescription: d\n---\n")
    write(shared, f"{FOLDER}/000-huge/SKILL.md", "x" * 100_000)
    write(shared, f"{FOLDER}/.hidden/SKILL.md", "x")
    (shared / FOLDER / "001-link").symlink_to(tmp_path)
    (shared / FOLDER / "002-empty").mkdir()
    write(shared, f"{FOLDER}/README.md", "x")
    described = lay_out_skills(shared, tmp_path / "work")
    assert len(described) == MAX_LIBRARY
    assert set(described.values()) == {"d"}
    assert all(name.startswith("s") for name in described)


def test_without_a_volume_there_are_none(tmp_path: Path) -> None:
    assert lay_out_skills(tmp_path / "nowhere", tmp_path / "work") == {}
