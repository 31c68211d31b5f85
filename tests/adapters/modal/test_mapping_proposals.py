"""What comes with a success: code to show and images to draw. Neither can cost it."""

import json
from typing import Any

import pytest

from adapters.modal.mapping import Mapper
from schema.execution import (
    MAX_CODE_BYTES,
    Code,
    Done,
    ProposedEdit,
    ProposedFile,
    WantedImage,
)

HASH = "0123456789abcdef0123456789abcdef01234567"
FILE = {"path": "index.html", "content": "<html>"}
EDIT = {"path": "game.js", "old_string": "1", "new_string": "2"}
IMAGE = {"name": "cat.png", "prompt": "a cat"}
PROJECT = (
    "/data/users/3f0c1c9a-0000-4000-8000-000000000001/projects/3f0c1c9a-0000-4000-8000-000000000002"
)


def ended(version: str | None = HASH, **fields: Any) -> Done:
    [event] = Mapper().map(json.dumps({"type": "done", "version": version, **fields}))
    assert isinstance(event, Done)
    return event


def code(files: Any = (), edits: Any = ()) -> Code | None:
    return ended(code={"files": files, "edits": edits}).code


def images(*wanted: Any) -> tuple[WantedImage, ...]:
    return ended(images=wanted).images


def test_code_and_images_are_carried_through() -> None:
    assert ended(code={"files": [FILE], "edits": [EDIT]}, images=[IMAGE]) == Done(
        version=HASH,
        code=Code((ProposedFile("index.html", "<html>"),), (ProposedEdit("game.js", "1", "2"),)),
        images=(WantedImage("cat.png", "a cat"),),
    )


def test_without_a_version_there_is_neither() -> None:
    assert ended(None, code={"files": [FILE]}, images=[IMAGE]) == Done()


@pytest.mark.parametrize(
    "strange", [None, 7, "x", [], {}, {"files": 7}, {"files": [7], "edits": 1}]
)
def test_malformed_code_is_left_out_and_the_success_stays(strange: Any) -> None:
    assert ended(code=strange, images=strange) == Done(version=HASH)


def test_the_well_formed_pieces_of_it_are_kept() -> None:
    mixed = code([{"path": 1}, FILE, {**FILE, "content": None}], {"not": "a list"})
    assert mixed == Code((ProposedFile("index.html", "<html>"),))


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", ""])
def test_files_outside_the_workspace_are_left_out(path: str) -> None:
    assert code([{**FILE, "path": path}], [{**EDIT, "path": path}]) is None


def test_absolute_paths_below_the_project_are_told_from_there() -> None:
    told = code([{**FILE, "path": f"{PROJECT}/js/a.js"}])
    assert told == Code((ProposedFile("js/a.js", "<html>"),))


def test_what_does_not_fit_is_left_out() -> None:
    large = {"path": "large.js", "content": "あ" * (MAX_CODE_BYTES // 3)}
    told = code([FILE, large, {**FILE, "path": "b.html"}], [EDIT])
    assert told is not None
    assert [file.path for file in told.files] == ["index.html", "b.html"]
    assert len(told.edits) == 1


@pytest.mark.parametrize("name", ["", "a/b.png", "../a.png", ".png", "a.svg", "a b.png", "a.png\n"])
def test_images_need_a_plain_name(name: str) -> None:
    assert images({**IMAGE, "name": name}) == ()


def test_images_are_few_and_different_and_described() -> None:
    nameless = [{**IMAGE, "prompt": ""}, {**IMAGE, "prompt": "x" * 2_001}, {"name": "a.png"}]
    wanted = [{"name": f"{number}.png", "prompt": "a cat"} for number in (1, 1, 2, 3, 4)]
    assert [image.name for image in images(*nameless, *wanted)] == ["1.png", "2.png", "3.png"]
