"""Reading what a project holds: files, lists, bundles."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from tests.modal_app.project import Project


def heads_of(bundle: Path) -> str:
    """What git says that a bundle holds."""
    command = ["git", "bundle", "list-heads", str(bundle)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("path", "kind", "rule"),
    [
        ("index.html", "text/html; charset=utf-8", "no-store"),
        ("a.js", "text/javascript; charset=utf-8", "public, max-age=3600"),
        ("a.css", "text/css; charset=utf-8", "public, max-age=3600"),
        ("a.svg", "image/svg+xml", "public, max-age=3600"),
        ("a.webp", "image/webp", "public, max-age=3600"),
        ("a.json", "application/json", "no-cache"),
        ("a.unknown", "application/octet-stream", "no-cache"),
    ],
)
async def test_a_file_comes_with_its_type_and_cache_rule(
    project: Project, path: str, kind: str, rule: str
) -> None:
    await project.apply(files=[{"path": path, "content": "content"}])
    response = await project.file("/" + path)
    assert response.text == "content"
    assert response.headers["content-type"] == kind
    assert response.headers["cache-control"] == rule
    assert response.headers["access-control-allow-origin"] == "*"


async def test_any_root_page_stands_in_for_the_missing_index(project: Project) -> None:
    await project.apply(files=[{"path": "a/deep.html", "content": "deep"}])
    response = await project.get("/get_file")
    assert (response.status_code, response.json()["error"]) == (404, "No HTML file found")
    await project.write(game="the game")
    response = await project.get("/get_file")
    assert response.text == "the game"
    assert response.headers["content-type"].startswith("text/html")
    missing = await project.file("other.html")
    assert (missing.status_code, missing.json()["error"]) == (404, "File not found")


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", ".git/config", "a\\..\\b", "a\0b", "x" * 5_000, "a//b"]
)
async def test_no_path_leads_out_of_the_project(project: Project, path: str) -> None:
    await project.write(index="x")
    response = await project.file(path)
    assert (response.status_code, response.json()["error"]) == (400, "Invalid file path")


async def test_a_bundle_can_be_cloned(project: Project, tmp_path: Path) -> None:
    version = await project.write(index="one")
    response = await project.get("/bundle", version=version)
    assert response.status_code == 200
    target = tmp_path / "bundle"
    target.write_bytes(response.content)
    assert version in await asyncio.to_thread(heads_of, target)


@pytest.mark.parametrize(
    ("version", "status"), [("", 400), ("HEAD", 400), ("x" * 41, 400), ("0" * 40, 404)]
)
async def test_a_bundle_of_no_version_is_refused(
    project: Project, version: str, status: int
) -> None:
    await project.write(index="one")
    assert (await project.get("/bundle", version=version)).status_code == status
