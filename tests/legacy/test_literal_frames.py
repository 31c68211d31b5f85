"""Every literal frame of the contract (Appendix A), from a running server through a real socket."""

import json
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from adapters.legacy.texts import USER_LIMIT
from tests.adapters.legacy.stand import ALICE, Stand
from tests.gateway.legacy_watcher import Frame
from tests.legacy import scenes
from tests.legacy.literals import Comparison, lines, missing_from
from tests.legacy.requirements import DIVERGENCES

LITERALS: Final = dict(enumerate(lines("frames.jsonl"), 1))

SCENES: Final[dict[Callable[[Stand], Awaitable[list[Frame]]], set[int]]] = {
    scenes.making: {1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 22, 34},
    scenes.editing: {5, 16, 31, 33},
    scenes.asking: {17, 18, 21},
    scenes.ending: {23, 24, 25, 26},
    scenes.going_back: {27, 29, 30},
    scenes.being_refused: {32, 36},
    scenes.illustrating: {19},
}

RESULT: Final = {"message": "作成しました", "generator": "claude"}
UNSENT: Final = {
    28: "ws.divergence.version-edits",
    35: "ws.divergence.nested-error",
    37: "ws.divergence.synchronous-mode",
    38: "ws.divergence.synchronous-mode",
    39: "ws.divergence.synchronous-mode",
}
"""Never sent, and the divergence that says why."""


def _told_apart(number: int) -> tuple[str, Frame]:
    """The divergence behind a frame that we send differently, and the frame as we send it."""
    frame: Frame = json.loads(LITERALS[number])
    match number:
        case 20:
            frame["job"]["result"] = json.dumps(RESULT, ensure_ascii=False, separators=(",", ":"))
            return "ws.divergence.result", frame | {"result": RESULT}
        case 23:
            more = {"code": "UNKNOWN_ERROR", "userMessage": "boom", "recoverable": False}
            return "ws.divergence.failure-keys", frame | more
        case 25:
            row = json.loads(LITERALS[24])["job"]
            return "ws.divergence.one-cancelled", {"type": "cancelled", "job": row} | frame
    raise KeyError(number)


ALTERED: Final = {number: _told_apart(number) for number in (20, 23, 25)}


def test_every_line_has_its_scene_or_a_divergence() -> None:
    produced = [number for numbers in SCENES.values() for number in numbers]
    assert sorted([*produced, *UNSENT]) == sorted(LITERALS)
    named = {*UNSENT.values(), *(divergence for divergence, _ in ALTERED.values())}
    assert named <= {divergence.id for divergence in DIVERGENCES}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_every_literal_frame_is_sent(
    stand: Stand, scene: Callable[[Stand], Awaitable[list[Frame]]]
) -> None:
    received = await scene(stand)
    names: dict[str, str] = {}
    missing: list[str] = []
    for number in sorted(SCENES[scene]):
        frame = ALTERED[number][1] if number in ALTERED else json.loads(LITERALS[number])
        missing += missing_from(received, json.dumps(frame, ensure_ascii=False), names)
    assert not missing, "\n".join(missing)
    assert names.get(ALICE, ALICE) == ALICE
    unsent = [LITERALS[number] for number in UNSENT]
    for frame in received:
        assert [*frame][0] == "type"
        assert not any([*Comparison().differences(json.loads(line), frame)] == [] for line in unsent)


async def test_a_frame_that_differs_is_not_the_literal(stand: Stand) -> None:
    """The comparison itself: order, types, literals and one name for one thing."""
    del stand
    literal = '{"type":"error","message":"Access denied","error":{"code":"A","message":"b"}}'
    frames: list[Frame] = [
        {"message": "Access denied", "type": "error", "error": {"code": "A", "message": "b"}},
        {"type": "error", "message": "Access Denied", "error": {"code": "A", "message": "b"}},
        {"type": "error", "message": "Access denied", "error": None},
        {"type": "error", "message": USER_LIMIT},
    ]
    assert len(missing_from(frames, literal, {})) > len(frames)
