"""Renaming and deleting projects, their versions and files, over a real gateway and mirror."""

from pathlib import Path
from typing import Any, Final

import pytest

from schema.errors import ErrorCode
from schema.execution import Done
from schema.identifiers import random_uuid
from tests.adapters.mirror.bundles import Source
from tests.gateway.asking import SINGLE, code_of
from tests.gateway.client import CANCEL
from tests.gateway.conftest import BOB, Scene

RENAME: Final = """
mutation($project: ID!, $name: String!) {
  renameProject(input: {projectId: $project, name: $name}) {
    __typename
    ... on RenameProjectSuccess { project { id name } }
    ... on Failure { code message }
  }
}
"""
DELETE: Final = """
mutation($project: ID!) {
  deleteProject(id: $project) {
    __typename
    ... on DeleteProjectSuccess { id }
    ... on Failure { code }
  }
}
"""
RESTORE: Final = """
mutation($project: ID!, $version: String!) {
  restoreVersion(input: {projectId: $project, version: $version}) {
    __typename
    ... on RestoreVersionSuccess {
      version { hash subject at }
      project { file(path: "index.html") { content } }
    }
    ... on Failure { code }
  }
}
"""
PROJECT: Final = """
query($project: ID!, $path: String!) {
  project(id: $project) {
    versions(first: 2) { hash subject at }
    files
    file(path: $path) { path size content }
  }
}
"""


async def made(scene: Scene, source: Source) -> tuple[str, list[str]]:
    """A project with two versions, and their hashes."""
    project = await scene.project()
    hashes = []
    for page in (b"one", b"two"):
        version = source.commit({"index.html": page, "a.png": b"\xff\x00"}, f"make {page!r}")
        hashes.append(version)
        scene.execution.pages[project] = source.bundle()
        generation = await scene.start(project_id=project)
        scene.execution.say(generation, Done("done", version=version))
        await scene.stored(generation)
        await scene.query(CANCEL, {"id": generation})  # waits until it is settled
    return project, hashes


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "source")


async def shown(scene: Scene, project: str, path: str = "index.html") -> dict[str, Any]:
    answer = await scene.query(PROJECT, {"project": project, "path": path})
    found: dict[str, Any] = answer["data"]["project"]
    return found


async def outcome(scene: Scene, document: str, **variables: str) -> dict[str, Any]:
    """The one result of a mutation."""
    (result,) = (await scene.query(document, variables))["data"].values()
    found: dict[str, Any] = result
    return found


async def test_versions_and_files_of_a_project_are_readable(scene: Scene, source: Source) -> None:
    project, (first, second) = await made(scene, source)
    found = await shown(scene, project)
    assert [version["hash"] for version in found["versions"]] == [second, first]
    assert found["versions"][0]["subject"] == "make b'two'"
    assert found["versions"][0]["at"].startswith("2026-01-27T03:11:44")
    assert found["files"] == ["a.png", "index.html"]
    assert found["file"] == {"path": "index.html", "size": 3, "content": "two"}
    binary = await shown(scene, project, "a.png")
    assert binary["file"] == {"path": "a.png", "size": 2, "content": None}
    for path in ("missing", ".git/config", "../index.html", "/etc/passwd", ""):
        assert (await shown(scene, project, path))["file"] is None
    empty = await shown(scene, await scene.project())
    assert empty == {"versions": [], "files": [], "file": None}


async def test_a_page_of_versions_has_a_size(scene: Scene) -> None:
    project = await scene.project()
    document = "query($id: ID!, $n: Int!) { project(id: $id) { versions(first: $n) { hash } } }"
    for size in (0, 101, -1):
        assert code_of(await scene.query(document, {"id": project, "n": size})) == "INVALID_INPUT"


@pytest.mark.parametrize("transport", SINGLE)
async def test_a_version_is_restored_as_a_new_one(
    scene: Scene, source: Source, transport: str
) -> None:
    project, (first, second) = await made(scene, source)
    restored = source.commit({"index.html": b"one"}, "Restored")
    scene.execution.newest, scene.execution.pages[project] = restored, source.bundle()
    variables = {"project": project, "version": first[:7]}
    answer = await SINGLE[transport](scene.url, scene.token, RESTORE, variables)
    result = answer["data"]["restoreVersion"]
    assert (result["version"]["hash"], result["version"]["subject"]) == (restored, "Restored")
    assert result["project"]["file"]["content"] == "one"
    assert [v["hash"] for v in (await shown(scene, project))["versions"]] == [restored, second]
    again = await outcome(scene, RESTORE, **variables)
    assert (again["__typename"], again["version"]) == ("RestoreVersionSuccess", None)


async def test_what_cannot_be_restored_is_said(scene: Scene, source: Source) -> None:
    project, (first, _) = await made(scene, source)
    for version in ("f" * 40, "HEAD", "", first[:6]):
        unknown = await outcome(scene, RESTORE, project=project, version=version)
        assert unknown == {"__typename": "VersionNotFound", "code": "VERSION_NOT_FOUND"}
    for missing in (random_uuid(), await scene.project(scene.token_of(BOB))):
        nothing = await outcome(scene, RESTORE, project=missing, version=first)
        assert nothing["__typename"] == "ProjectNotFound"
    generation = await scene.start(project_id=project)
    busy = await outcome(scene, RESTORE, project=project, version=first)
    assert busy == {"__typename": "ProjectBusy", "code": "PROJECT_BUSY"}
    await scene.query(CANCEL, {"id": generation})
    scene.execution.refusal = ErrorCode.EXECUTION_UNAVAILABLE
    answer = await scene.query(RESTORE, {"project": project, "version": first})
    assert code_of(answer) == "EXECUTION_UNAVAILABLE"


async def test_a_project_gets_another_name(scene: Scene) -> None:
    project = await scene.project()
    renamed = await outcome(scene, RENAME, project=project, name=" 改名 ")
    assert renamed["project"] == {"id": project, "name": "改名"}
    spaced = "宇宙\u3000ゲーム 👩\u200d🚀"
    renamed = await outcome(scene, RENAME, project=project, name=f"\n{spaced}\u3000")
    assert renamed["project"] == {"id": project, "name": spaced}
    for name in ("", "  ", "x" * 201):
        refused = await outcome(scene, RENAME, project=project, name=name)
        assert refused["__typename"] == "InvalidName"
    for missing in (random_uuid(), await scene.project(scene.token_of(BOB))):
        nothing = await outcome(scene, RENAME, project=missing, name="x")
        assert nothing["__typename"] == "ProjectNotFound"
    malformed = await scene.query(RENAME, {"project": "x", "name": "x"})
    assert code_of(malformed) == "INVALID_INPUT"


async def test_a_deleted_project_is_gone(scene: Scene, source: Source) -> None:
    project, _ = await made(scene, source)
    generation = await scene.start(project_id=project)
    deleted = await outcome(scene, DELETE, project=project.upper())
    assert deleted == {"__typename": "DeleteProjectSuccess", "id": project}
    assert scene.execution.journals[generation].ended
    assert scene.execution.deleted == [project]
    document = "query($p: ID!, $g: ID!) { project(id: $p) { id } generation(id: $g) { id } }"
    answer = await scene.query(document, {"p": project, "g": generation})
    assert answer["data"] == {"project": None, "generation": None}
    for missing in (project, await scene.project(scene.token_of(BOB))):
        nothing = await outcome(scene, DELETE, project=missing)
        assert nothing["__typename"] == "ProjectNotFound"
    await scene.start()
