"""Every literal frame of the contract (Appendix A), from a running server through a real socket."""

import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Final

import pytest

from tests.adapters.legacy.stand import ALICE, Stand
from tests.gateway.legacy_watcher import Frame
from tests.legacy import scenes
from tests.legacy.literals import Comparison, literals, missing_from
from tests.legacy.requirements import DIVERGENCES

Scene = Callable[[Stand], Awaitable[list[Frame]]]

LITERALS: Final = literals("frames.jsonl")

SCENES: Final[dict[Scene, set[int]]] = {
    scenes.making: {1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 22, 34},
    scenes.editing: {5, 16, 28, 31, 33},
    scenes.asking: {17, 18, 21},
    scenes.ending: {23, 24, 25, 26},
    scenes.going_back: {27, 29, 30},
    scenes.being_refused: {32, 36},
    scenes.illustrating: {19},
}
"""Conversations, and the lines that are a part of them."""

UNSENT: Final = {
    35: "ws.divergence.nested-error",
    37: "ws.divergence.synchronous-mode",
    38: "ws.divergence.synchronous-mode",
    39: "ws.divergence.synchronous-mode",
}
"""Lines that are never sent, and the divergence that says why."""

ALTERED: Final = {
    20: "ws.divergence.result",
    23: "ws.divergence.failure-keys",
    25: "ws.divergence.one-cancelled",
    28: "ws.divergence.version-summary",
}
"""Lines that `as_sent` changes, and the divergence that says why."""


def as_sent(number: int) -> Frame:
    """The literal, or what a divergence makes of it."""
    frame = deepcopy(LITERALS[number])
    match number:
        case 20:
            frame["result"] = {"message": "作成しました", "generator": "claude"}
            told = json.dumps(frame["result"], ensure_ascii=False, separators=(",", ":"))
            frame["job"]["result"] = told
        case 23:
            frame |= {"code": "UNKNOWN_ERROR", "userMessage": "boom", "recoverable": False}
        case 25:
            frame = {"type": "cancelled", "job": LITERALS[24]["job"], **frame}
        case 28:
            frame["summary"] = LITERALS[16]["summary"]
    return frame


@pytest.mark.rule("ws.literals.server", "ws.frames.type-first", "ws.frames.flat")
@pytest.mark.rule("ws.divergence.synchronous-mode", "ws.divergence.nested-error")
@pytest.mark.rule("ws.divergence.result", "ws.divergence.failure-keys")
@pytest.mark.rule("ws.divergence.one-cancelled", "ws.divergence.version-summary")
@pytest.mark.rule("ws.frame.cancelled", "ws.frame.completed", "ws.frame.error", "ws.frame.failed")
@pytest.mark.rule(
    "ws.frame.gameUpdated", "ws.frame.geminiChat", "ws.frame.geminiCode", "ws.frame.geminiRestore"
)
@pytest.mark.rule(
    "ws.frame.imagesGenerated", "ws.frame.init", "ws.frame.jobStarted", "ws.frame.jobStatus"
)
@pytest.mark.rule(
    "ws.frame.pong", "ws.frame.progress", "ws.frame.projectCreated", "ws.frame.projectDeleted"
)
@pytest.mark.rule(
    "ws.frame.projectInfo",
    "ws.frame.projectRenamed",
    "ws.frame.projectSelected",
    "ws.frame.started",
)
@pytest.mark.rule(
    "ws.frame.stream", "ws.frame.styleOptions", "ws.frame.subscribed", "ws.frame.versionEdits"
)
@pytest.mark.rule("ws.frame.versionRestored", "ws.frame.versionsList")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_every_literal_frame_is_sent(stand: Stand, scene: Scene) -> None:
    received = await scene(stand)
    missing: list[str] = []
    for number in SCENES[scene]:
        missing += missing_from(received, as_sent(number), {ALICE: ALICE})
    assert not missing, "\n".join(missing)
    for frame in received:
        assert next(iter(frame)) == "type"
        assert all([*Comparison().differences(LITERALS[unsent], frame)] for unsent in UNSENT)


@pytest.mark.rule("ws.literals.server")
def test_every_line_has_its_scene_or_a_divergence() -> None:
    produced = [number for numbers in SCENES.values() for number in numbers]
    assert sorted([*produced, *UNSENT]) == sorted(LITERALS)
    named = {*UNSENT.values(), *ALTERED.values()}
    assert named <= {divergence.id for divergence in DIVERGENCES}
    assert {n for n in LITERALS if as_sent(n) != LITERALS[n]} == ALTERED.keys()


@pytest.mark.rule("ws.literals.server")
@pytest.mark.parametrize(
    "frame",
    [
        {"message": "Access denied", "type": "error"},
        {"type": "error", "message": "Access Denied"},
        {"type": "error", "message": None},
        {"type": "error", "message": "Access denied", "code": 1},
        {"type": "error"},
    ],
)
def test_another_order_type_text_or_key_is_not_the_literal(frame: Frame) -> None:
    assert missing_from([frame], LITERALS[34], {})


@pytest.mark.rule("ws.literals.server")
def test_one_name_of_a_literal_stands_for_one_thing() -> None:
    one, other = LITERALS[25]["jobId"], ALICE
    mixed = {"type": "cancelled", "ids": [one, other]}
    assert missing_from([mixed], {"type": "cancelled", "ids": [one, one]}, {})
    assert not missing_from([mixed], {"type": "cancelled", "ids": [other, one]}, {})
