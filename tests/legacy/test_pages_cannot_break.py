"""What a page reads without a guard is there, and a text (§0, §3)."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import pytest

from tests.adapters.legacy.stand import Stand
from tests.gateway.legacy_watcher import Frame
from tests.legacy import scenes

ALL: Final = [
    scenes.making,
    scenes.editing,
    scenes.asking,
    scenes.ending,
    scenes.going_back,
    scenes.illustrating,
    scenes.being_refused,
]
JOB_FRAMES: Final = ("started", "progress", "completed", "failed")


def texts_of(frame: Frame) -> Iterator[object]:
    """What a page hands to a function for texts."""
    match frame["type"]:
        case "error" | "geminiChat":
            yield frame["message"]
            yield from frame.get("suggestions", [])
        case "geminiRestore":
            yield from (frame["message"], frame["confirmLabel"], frame["cancelLabel"])
        case "stream":
            yield frame["content"]
        case "failed":
            yield frame["error"]
        case "styleOptions":
            yield frame["originalMessage"]
            yield from (style["name"] for style in frame["styles"])
        case "completed":
            yield frame["result"]["message"]
    yield from (line["content"] for line in frame.get("history", []))
    yield from (version["message"] for version in frame.get("versions", []))
    yield from (project["name"] for project in frame.get("projects", []))
    yield from (project["description"] for project in frame.get("projects", []))
    if "project" in frame:
        yield frame["project"]["name"]


@pytest.mark.rule("ws.frames.strings", "ws.frames.error-message", "ws.frames.flat")
@pytest.mark.rule("ws.job.progress", "ws.job.result")
@pytest.mark.parametrize("scene", ALL, ids=lambda scene: scene.__name__)
async def test_a_page_finds_what_it_reads(
    stand: Stand, scene: Callable[[Stand], Awaitable[list[Frame]]]
) -> None:
    for frame in await scene(stand):
        assert [text for text in texts_of(frame) if not isinstance(text, str)] == []
        assert frame["type"] != "jobUpdate"
        if frame["type"] in JOB_FRAMES:
            assert isinstance(frame["job"]["id"], str)
        if frame["type"] == "progress":
            assert type(frame["progress"]) is int
            told = (frame["job"]["progress"], frame["job"]["progress_message"])
            assert told == (frame["progress"], frame["message"])
        if frame["type"] == "completed":
            assert isinstance(frame["result"], dict)
            assert isinstance(frame["job"]["result"], str)


@pytest.mark.rule("ws.map.chat", "ws.job.result")
@pytest.mark.parametrize("scene", [scenes.making, scenes.asking], ids=["game", "words"])
async def test_only_what_was_printed_before_has_a_mode(
    stand: Stand, scene: Callable[[Stand], Awaitable[list[Frame]]]
) -> None:
    """With a mode a page prints nothing, so another frame must have done it."""
    received = await scene(stand)
    printed = {"geminiChat": "chat", "geminiRestore": "restore"}
    modes = [printed[frame["type"]] for frame in received if frame["type"] in printed]
    results = [frame["result"] for frame in received if frame["type"] == "completed"]
    assert [result["mode"] for result in results if "mode" in result] == modes
