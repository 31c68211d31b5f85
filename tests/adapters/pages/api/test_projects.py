"""Projects and their files, with names that are not ASCII."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import anyio
import pytest

from adapters.mirror.mirror import GitMirror
from adapters.pages.api.archives import Archives
from adapters.pages.credentials import Refused
from schema.execution import Code, Done, ProposedEdit
from tests.adapters.mirror.bundles import Source, pieces
from tests.adapters.pages.api.seeded import FILES, P3, PAGE, TITLE, U3, Seeded
from tests.adapters.pages.served import P1, P2, U1, U2


@pytest.mark.rule("http.projects.row", "http.projects.code", "http.json.form")
async def test_names_and_pages_arrive_as_they_were_given(api: Seeded) -> None:
    row = (await api.send(f"/api/projects/{P3}", U3)).json
    assert (row["id"], row["user_id"], row["name"]) == (P3, U3, TITLE)
    (listed,) = (await api.send("/api/projects", U3)).json["projects"]
    assert listed["name"] == TITLE
    code = (await api.send(f"/api/projects/{P3}/code", U3)).json["code"]
    assert code == PAGE.decode(errors="replace")


@pytest.mark.rule("http.projects.list")
async def test_the_list_begins_with_what_was_touched_last(api: Seeded) -> None:
    owner = "44444444-4444-4444-8444-444444444444"
    assert (await api.send("/api/projects", owner)).json == {"projects": []}
    token = api.scene.token_of(owner)
    made = [await api.scene.project(token, name) for name in ("一", "二", "三")]
    await api.scene.start(token=token, project_id=made[0])
    listed = (await api.send("/api/projects", owner)).json["projects"]
    assert [project["id"] for project in listed] == [made[0], made[2], made[1]]


@pytest.mark.rule("http.projects.ai-context", "http.json.form")
async def test_the_context_is_that_of_the_newest_version_that_a_run_made(api: Seeded) -> None:
    target = f"/api/projects/{P3}/ai-context"
    assert (await api.send(target, U3)).body == b'{"context":null}'
    api.scene.execution.skills = ("p5js-setup",)
    edit = {"path": "index.html", "old_string": "const S=2;", "new_string": "const S=5;"}
    code = Code(edits=(ProposedEdit(**edit),))
    await api.ended(await api.start("敵を速くして"), Done("速くしました", "b" * 40, code=code))
    await api.ended(await api.start("ありがとう"), Done("どういたしまして"))
    context = (await api.send(target, U3)).json["context"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", context["timestamp"])
    assert [*context.items()] == [
        ("timestamp", context["timestamp"]),
        ("userPrompt", "敵を速くして"),
        ("aiSummary", "速くしました"),
        ("skills", ["p5js-setup"]),
        ("generator", "claude"),
        ("edits", [edit]),
        ("systemPromptVersion", "1.0"),
    ]


@pytest.mark.rule("http.projects.download")
async def test_a_download_holds_the_page_and_its_assets_and_nothing_else(api: Seeded) -> None:
    reply = await api.send(f"/api/projects/{P3}/download", U3)
    assert reply.headers["content-disposition"] == 'attachment; filename="game.zip"'
    with ZipFile(BytesIO(reply.body)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "assets/",
            "assets/sounds/",
            "assets/sounds/a.txt",
            "assets/星 と月.png",
            "index.html",
        ]
        for name in ("index.html", "assets/星 と月.png", "assets/sounds/a.txt"):
            assert archive.read(name) == FILES[name]
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 1, 27)}
        assert archive.getinfo("assets/").is_dir()


@pytest.mark.rule("http.projects.code", "http.projects.download", "http.projects.preview")
async def test_a_project_without_a_version_has_no_files(api: Seeded) -> None:
    for suffix, body in (
        ("code", b'{"error":"Project not found"}'),
        ("download", b'{"error":"Project not found"}'),
        ("preview", b"Game file not found"),
    ):
        reply = await api.send(f"/api/projects/{P2}/{suffix}", U2)
        assert (reply.status, reply.body) == (404, body)


@pytest.mark.rule("http.projects.preview", "http.divergence.preview-is-inert")
async def test_nothing_runs_in_a_preview(api: Seeded) -> None:
    token = api.scene.token_of(U1)
    reply = await api.send(f"/api/projects/{P1}/preview?access_token={token}", None)
    assert reply.status == 200
    assert reply.headers["content-security-policy"] == "sandbox"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["x-content-type-options"] == "nosniff"
    raw = await api.send(f"/api/projects/{P3}/preview", U3)
    assert raw.body == PAGE


@pytest.mark.rule("http.projects.download", "http.divergence.download-has-a-length")
async def test_an_archive_is_bounded(tmp_path: Path) -> None:
    mirror, source = GitMirror.open(tmp_path / "mirror"), Source(tmp_path / "source")
    files = {"index.html": b"x" * 60, "assets/a.bin": b"y" * 40}
    version = await anyio.to_thread.run_sync(source.commit, files)
    bundle = await anyio.to_thread.run_sync(source.bundle)
    await mirror.receive(P1, version, pieces(bundle))
    (record,) = await mirror.history(P1, 1)
    file, size = await Archives(mirror, max_bytes=100).build(P1, record)
    with file:
        assert size == file.seek(0, 2)
    with pytest.raises(Refused) as refused:
        await Archives(mirror, max_bytes=99).build(P1, record)
    assert (refused.value.status, refused.value.text) == (413, "Project too large")
