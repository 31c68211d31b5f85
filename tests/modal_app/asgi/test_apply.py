"""Writing, comparing and restoring files: `POST /apply_files`."""

from pathlib import Path

import pytest

from schema.errors import ERRORS, ErrorCode
from tests.modal_app.execution import (
    Client,
    Gate,
    Run,
    data_of,
    frames_of,
    script,
    served,
    settings_for,
)
from tests.modal_app.project import Project


async def test_a_write_is_told_step_by_step(project: Project) -> None:
    response = await project.apply(
        files=[
            {"path": "index.html", "content": "<h1>é</h1>"},
            {"path": "assets/a.js", "content": "", "action": "create"},
            {"path": "gone.js", "action": "delete"},
        ],
        commit_message="First",
    )
    assert response.headers["content-type"] == "text/event-stream"
    *told, log, result, done = frames_of(response.text)
    assert [event["message"] for event in told] == [
        "Creating project directory...",
        "Writing index.html...",
        "Writing assets/a.js...",
        "Deleted gone.js",
        "Committing changes...",
    ]
    assert log == {"type": "log", "content": f"Committed: {done['version']}", "level": "info"}
    assert result["files"] == [
        {"path": "index.html", "action": "create", "size": 11},
        {"path": "assets/a.js", "action": "create", "size": 0},
        {"path": "gone.js", "action": "delete", "size": 0},
    ]
    assert (done["type"], done["exit_code"]) == ("done", 0)
    assert done["duration_ms"] >= 0
    assert await project.listed() == ["assets/a.js", "index.html"]


async def test_writing_the_same_again_makes_no_version(project: Project) -> None:
    await project.write(index="one")
    response = await project.apply(files=[{"path": "index.html", "content": "one"}])
    *_, log, _result, done = frames_of(response.text)
    assert log["content"] == "No changes to commit"
    assert done["version"] is None


@pytest.mark.parametrize(
    "path",
    [
        "../out.html",
        "/etc/passwd",
        "a/../../b",
        "",
        ".git/config",
        "a/.git/hooks/x",
        "a\\b",
        "a\0b",
        "x" * 5_000,
        "./a",
    ],
)
async def test_one_bad_path_refuses_the_whole_write(project: Project, path: str) -> None:
    files = [{"path": "good.html", "content": "x"}, {"path": path, "content": "x"}]
    [error] = frames_of((await project.apply(files=files)).text)
    assert error["type"] == "error"
    assert error["message"] == f"Invalid file path: {path[:200]}"
    assert await project.listed() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"files": []},
        {"files": {"a": "b"}},
        {"files": "x"},
        {"files": [7]},
        {"files": [{"content": "x"}]},
        {"files": [{"path": 7, "content": "x"}]},
        {"files": [{"path": "a", "content": 7}]},
        {"files": [{"path": "a"}]},
        {"files": [{"path": "a", "content": "x", "action": "explode"}]},
        {"files": [{"path": "a", "content": "x"}], "commit_message": 7},
        {"action": "git_push"},
        {"action": 7},
        {"action": ["git_log"]},
        {"action": "git_log", "limit": "many"},
        {"action": "git_log", "limit": 0},
        {"action": "git_diff"},
        {"action": "git_diff", "commit": "HEAD"},
        {"action": "git_diff", "commit": "abcdef0\n"},
        {"action": "git_diff", "commit": 7},
        {"action": "git_restore", "commit": "--help"},
    ],
)
async def test_a_bad_request_is_refused_and_changes_nothing(
    project: Project, body: dict[str, object]
) -> None:
    response = await project.apply(**body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert await project.listed() == []


async def test_history_is_newest_first_and_bounded(project: Project) -> None:
    versions = [await project.write(index=str(number)) for number in range(3)]
    response = await project.apply(action="git_log")
    commits = response.json()["commits"]
    assert [commit["hash"] for commit in commits] == versions[::-1]
    assert {commit["message"] for commit in commits} == {"Update via API"}
    assert all("T" in commit["date"] for commit in commits)
    bounded = await project.apply(action="git_log", limit=2)
    assert [commit["hash"] for commit in bounded.json()["commits"]] == versions[:0:-1]


async def test_a_missing_project_has_no_history_and_no_files(project: Project) -> None:
    assert (await project.apply(action="git_log")).json()["commits"] == []
    assert await project.listed() == []
    for action in ("git_diff", "git_restore"):
        response = await project.apply(action=action, commit="abcdef0")
        assert response.status_code == 404
        assert response.json()["error"] == "Git not initialized"
    response = await project.file("index.html")
    assert (response.status_code, response.json()["error"]) == (404, "Project not found")


async def test_a_version_is_compared_with_the_one_before(project: Project) -> None:
    await project.write(index="one\n")
    version = await project.write(index="two\n")
    diff = (await project.apply(action="git_diff", commit=version[:7])).json()["diff"]
    assert "-one" in diff
    assert "+two" in diff
    unknown = await project.apply(action="git_diff", commit="0123456")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "Commit not found")


async def test_a_restore_brings_back_a_whole_version_as_a_new_one(project: Project) -> None:
    first = await project.write(index="one", extra="x")
    await project.write(index="two", more="y")
    answer = (await project.apply(action="git_restore", commit=first)).json()
    assert answer["success"] is True
    assert answer["restored_files"] == ["extra.html", "index.html"]
    assert await project.listed() == ["extra.html", "index.html"]
    assert (await project.file("index.html")).text == "one"
    history = (await project.apply(action="git_log")).json()["commits"]
    assert history[0]["hash"] == answer["version"] == answer["newest"]
    assert len(history) == 3
    again = (await project.apply(action="git_restore", commit=first)).json()
    assert (again["version"], again["newest"]) == (None, answer["newest"])


async def test_a_project_at_work_is_not_written_by_others(
    client: Client, project: Project, gate: Gate
) -> None:
    first = await project.write(index="one")
    run = Run(script(gate.step), project_id=project.run.project_id)
    async with client.generating(run) as events:
        await gate.reached.wait()
        for body in (
            {"files": [{"path": "a", "content": "x"}]},
            {"action": "git_restore", "commit": first},
        ):
            response = await project.apply(**body)
            assert response.status_code == 409
            assert response.json() == {"error": "Project is busy", "code": "PROJECT_BUSY"}
        assert (await project.file("index.html")).text == "one"
        gate.release()
        assert [data_of(event) async for event in events][-1]["type"] == "done"


async def test_a_failure_to_keep_files_is_an_error(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    users = settings.layout.data / "users"
    users.parent.mkdir(parents=True)
    users.write_text("not a directory")
    async with served(settings) as client:
        response = await Project(client).apply(files=[{"path": "a", "content": "x"}])
    [error] = frames_of(response.text)
    assert error["type"] == "error"
    assert error["code"] == ErrorCode.WORKSPACE_ERROR
    assert error["message"] == ERRORS[ErrorCode.WORKSPACE_ERROR].message
