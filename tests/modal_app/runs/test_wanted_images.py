"""The images that an agent asks for: `Done.images`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from modal_app.ports import AgentEvent
from modal_app.runs.wanted import MAX_PROMPT_CHARACTERS, REQUESTS_FILE
from modal_app.workspace.store import FileChange
from schema.execution import Done, WantedImage
from tests.modal_app.runs.executing import Runs, write


def asking(text: str) -> Any:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, "index.html", f"<p>{len(text)}</p>")
        write(workspace, REQUESTS_FILE, text)
        return ()

    return act


async def images_of(runs: Runs, text: str) -> tuple[WantedImage, ...]:
    end, _ = await runs.perform(asking(text))
    assert isinstance(end, Done)
    assert end.version is not None
    assert await runs.workspace.files() == ["index.html"]
    return end.images


def listed(*images: object) -> str:
    return json.dumps({"images": images})


def image(name: object, prompt: object = "a fox") -> dict[str, object]:
    return {"name": name, "prompt": prompt}


async def test_images_are_told_and_the_list_is_not_kept(runs: Runs) -> None:
    text = listed(image("player.png", " a red fox "), image("sky_2-b.webp", "空"))
    assert await images_of(runs, text) == (
        WantedImage("player.png", "a red fox"),
        WantedImage("sky_2-b.webp", "空"),
    )


async def test_three_are_the_most_and_a_name_counts_once(runs: Runs) -> None:
    names = ["a.png", "A.PNG", "a.png", "b.jpg", "c.jpeg", "d.png"]
    wanted = await images_of(runs, listed(*map(image, names)))
    assert [each.name for each in wanted] == ["a.png", "b.jpg", "c.jpeg"]


@pytest.mark.parametrize(
    "entry",
    [
        *map(
            image, ["../a.png", "a/b.png", "a.svg", ".png", "a.png\n", "x" * 33 + ".png", 7, None]
        ),
        *(image("a.png", prompt) for prompt in ["", "  ", None, 7, "x" * 2_001]),
        {"name": "a.png"},
        "a.png",
        None,
        [],
    ],
    ids=repr,
)
async def test_what_is_not_well_formed_is_left_out(runs: Runs, entry: object) -> None:
    longest = image("good.png", "x" * MAX_PROMPT_CHARACTERS)
    wanted = await images_of(runs, listed(entry, longest))
    assert [each.name for each in wanted] == ["good.png"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "7", "{}", '{"images": 7}', '{"images": {"name": "a.png"}}'),
        "[" * 60_000,
        listed(image("a.png")) + " " * 70_000,
    ],
    ids=lambda text: text[:12],
)
async def test_a_list_that_cannot_be_read_is_removed_and_ignored(runs: Runs, text: str) -> None:
    assert await images_of(runs, text) == ()


@pytest.mark.parametrize("what", ["directory", "link", "linked assets", "a file named assets"])
async def test_what_lies_in_its_place_is_not_followed(
    runs: Runs, tmp_path: Path, what: str
) -> None:
    outside = tmp_path / "outside"
    write(outside, "requests.json", listed(image("a.png")))

    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, "index.html", "x")
        if what == "linked assets":
            (workspace / "assets").symlink_to(outside)
            return ()
        if what == "a file named assets":
            write(workspace, "assets", "x")
            return ()
        write(workspace, "assets/kept.txt", "kept")
        place = workspace / REQUESTS_FILE
        if what == "link":
            place.symlink_to(outside / "requests.json")
        else:
            write(workspace, f"{REQUESTS_FILE}/inner.txt", "x")
        return ()

    end, _ = await runs.perform(act)
    assert isinstance(end, Done)
    assert end.images == ()
    assert (outside / "requests.json").exists()
    assert REQUESTS_FILE not in "".join(await runs.workspace.files())


async def test_without_a_version_nothing_is_asked_for(runs: Runs) -> None:
    def act(workspace: Path) -> Iterable[AgentEvent]:
        write(workspace, REQUESTS_FILE, listed(image("a.png")))
        return ()

    end, _ = await runs.perform(act)
    assert end == Done("done")


async def test_a_list_of_an_earlier_version_is_not_asked_for_again(runs: Runs) -> None:
    old = FileChange(REQUESTS_FILE, listed(image("old.png")).encode())
    await runs.workspace.apply([old], "as an older system left it")
    seen = []

    def act(workspace: Path) -> Iterable[AgentEvent]:
        seen.append((workspace / REQUESTS_FILE).exists())
        write(workspace, "index.html", "x")
        return ()

    end, _ = await runs.perform(act)
    assert isinstance(end, Done)
    assert (end.images, seen) == ((), [False])
    assert await runs.workspace.files() == ["index.html"]
