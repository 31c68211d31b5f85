"""A new game by the untouched frontend's messages, made by the real CLI (`legacy-ws.md` §5.3)."""

import io
import zipfile

import pytest

from tests.e2e.legacy_editor import PAGE, RETRO, SPEC, UNNAMED, Editor, write
from tests.modal_app.workspace.conftest import git
from tests.model_stub.script import Reply, Text

WISH = "2Dでブロック崩しを作って"


async def made(editor: Editor) -> list[dict]:
    await editor.create()
    return []


async def test_a_new_game(editor: Editor) -> None:
    await editor.create()
    asked = await editor.send(WISH)
    print(asked)
    editor.answers('["touch"]')
    editor.model.extend(
        Reply(Text("I write it."), write("index.html", PAGE), write("specs/game.md", SPEC)),
        Reply(Text("Ready.")),
    )
    job = await editor.job(WISH, selectedStyle=RETRO)
    print(job.types, job.progress, repr(job.stream))
    for f in job.frames: print(f)
    print(await editor.browser.receive())
    workspace = editor.installation.workspace(editor.project_id)
    print(git(workspace, "ls-tree", "-r", "--name-only", "HEAD").split())
    print((await editor.game()).text, await editor.code())
    r = await editor.http.get(f"/api/projects/{editor.project_id}/download")
    print(zipfile.ZipFile(io.BytesIO(r.content)).namelist())
    print(editor.turns[0].user_texts[-1][-6000:])
    print(await editor.history())
    assert 0
